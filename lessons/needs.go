package lessons

import (
	"strconv"

	"ptwalk/lessons/stage"
	"ptwalk/tracer/doctor"
)

// needs are the checks of the doctor that a lesson stands on, in the words of
// [doctor.Requirement]. A test holds them against the requests that the lessons make.
var needs = map[string][]string{
	"traceme": {"traceme", "getregs", "peekuser", "siginfo", "options", "cont", "proc"},
	"peekuser": {"traceme", "getregs", "peekuser", "options", "syscall", "pokedata", "vm-read",
		"peekdata?", "32-bit?", "syscall-info if 32-bit", "cont unless 32-bit"},
	"singlestep": {"traceme", "getregs", "peekuser", "siginfo", "singlestep", "vm-read?"},
	"count": {"traceme", "singlestep", "siginfo", "peekuser", "pokeuser", "peekdata", "pokedata", "cont",
		"getregs?", "vm-read?"},
	"attach": {"traceme", "getregs", "peekuser", "options", "syscall", "syscall-info",
		"attach", "seize", "peekdata", "pokedata", "vm-read", "proc", "proc-mem", "siginfo?"},
}

// Needs are what the doctor has to know about the lessons.
func Needs() []doctor.Requirement {
	var all []doctor.Requirement
	for _, l := range All {
		all = append(all, NeedsOf(l))
	}
	return all
}

// NeedsOf is what one lesson stands on, by its number.
func NeedsOf(l *stage.Lesson) doctor.Requirement {
	return doctor.Requirement{Name: strconv.Itoa(l.Number), Needs: needs[l.Name]}
}
