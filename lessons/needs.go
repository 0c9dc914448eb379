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
		Needs: []string{"traceme", "getregs", "peekuser", "siginfo", "syscall", "int3"},
	},
	"peekuser": {
		Needs: []string{"traceme", "getregs", "peekuser", "syscall", "poketext", "vm-read"},
		Uses:  []string{"32-bit", "syscall-info"},
	},
	"singlestep": {
		Needs: []string{"traceme", "getregs", "peekuser", "siginfo", "singlestep", "vm-read"},
	},
	"count": {
		Needs: []string{"traceme", "getregs", "singlestep", "vm-read"},
	},
	"attach": {
		Needs: []string{"traceme", "getregs", "peekuser", "siginfo", "syscall", "syscall-info",
			"attach", "seize", "poketext", "int3", "vm-read", "proc-mem"},
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
