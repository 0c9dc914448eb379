package stage

import "ptwalk/lessons/stage/exit"

// Jump is an order to leave the section. As an error it travels in a failure.
type Jump int32

// The jumps.
const (
	Onward  Jump = iota // no jump
	Next                // to the next section
	Anew                // to the begin of this one
	Out                 // of the run
	Earlier             // to the begin of the section before this one
)

func (Jump) Error() string { return "" }

// Leave is the failure to panic with, so that the section is left by j.
func Leave(j Jump) *exit.Failure { return exit.With(exit.Done, j) }
