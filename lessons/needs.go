package lessons

import (
	"ptwalk/lessons/stage"
	"ptwalk/tracer/doctor"
)

// needs are the checks of the doctor that a lesson stands on: without a need it
// is refused, without a use it leaves a section out. A test holds them against
// the requests that the lessons make.
var needs = map[string]doctor.Lesson{
	"traceme": {
		Needs: []string{"traceme", "getregs", "peekuser", "siginfo", "options", "cont", "proc"},
	},
	"peekuser": {
		Needs:     []string{"traceme", "getregs", "peekuser", "options", "syscall", "pokedata", "vm-read"},
		Uses:      []string{"peekdata", "32-bit"},
		With32:    []string{"syscall-info"},
		Without32: []string{"cont"},
	},
	"singlestep": {
		Needs: []string{"traceme", "getregs", "peekuser", "siginfo", "singlestep"},
		Uses:  []string{"vm-read"},
	},
	"count": {
		Needs: []string{"traceme", "singlestep", "siginfo", "peekuser", "pokeuser", "peekdata", "pokedata", "cont"},
		Uses:  []string{"getregs", "vm-read"},
	},
	"attach": {
		Needs: []string{"traceme", "getregs", "peekuser", "options", "syscall", "syscall-info",
			"attach", "seize", "peekdata", "pokedata", "vm-read", "proc", "proc-mem"},
		Uses: []string{"siginfo"},
	},
}

// Needs are what the doctor has to know about the lessons.
func Needs() []doctor.Lesson {
	var all []doctor.Lesson
	for _, l := range All {
		all = append(all, NeedsOf(l))
	}
	return all
}

// NeedsOf is what one lesson stands on.
func NeedsOf(l *stage.Lesson) doctor.Lesson {
	n := needs[l.Name]
	n.Number = l.Number
	return n
}
