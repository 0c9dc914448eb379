package stage

import (
	"errors"
	"fmt"
	"runtime/debug"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/tracer"
)

// Learner is who sits at the terminal.
type Learner interface {
	// Choose waits for one of n answers; nil if none was given.
	Choose(n int) *int
	// Turn waits until the learner wants the next section.
	Turn()
}

// Presenter is a learner who leads through a run, or through a recording: each
// request waits until it may be made.
type Presenter interface {
	Learner
	// Before announces a request of a live run and returns when it may be made.
	Before(*Stage, Request)
	// Recorded is Before for a call of a recording.
	Recorded(*event.Call)
	// Jump is the jump that was asked for while the tracer was busy, once.
	Jump() Jump
	// Leave runs clean, which ends what a section has left. It is not announced.
	Leave(clean func())
	// StandIn shows section n of the recording, from 0, in place of one that has
	// failed, and says whether there is such a recording.
	StandIn(l *Lesson, n int, why *exit.Failure) bool
	// Say tells the person a sentence that is no part of the run.
	Say(text string)
}

// Request is a call that comes next, and its place in the lesson. Loop is the
// number of the loop that it belongs to, from 1; 0 outside one.
type Request struct {
	At   string
	Call tracer.Call
	Loop int
}

// Jump is an order to leave the section. As an error it travels in a failure.
type Jump int32

// The jumps.
const (
	Onward Jump = iota // no jump
	Next               // to the next section
	Anew               // to the begin of this one
	Out                // of the run
)

func (Jump) Error() string { return "" }

// Leave is the failure to panic with, so that the section is left by j.
func Leave(j Jump) *exit.Failure { return exit.With(exit.Done, j) }

// left is the exit status of the end event of a lesson that was left by Out. It
// is not 0: the lesson has not reached its end.
const left = 130

// guided runs do, which is section n of the lesson and perhaps its last, and says
// how many sections to go on: 1, or 0 to begin this one again.
func (s *Stage) guided(l *Lesson, n int, last bool, do func()) int {
	p := s.opt.Presenter
	if p == nil {
		do()
		return 1
	}
	to, failure := s.attend(do)
	if failure != nil {
		shown := false
		var another *exit.Failure
		to, another = s.attend(func() { shown = p.StandIn(l, n, failure) })
		if !shown && to == Onward && another == nil {
			panic(failure)
		}
	}
	switch {
	case to == Anew:
		return 0
	case to == Next && last && l == nil: // a recording may have several lessons
		p.Say("That was the last section.")
	case to == Next && last:
		p.Say(fmt.Sprintf("That was the last section of lesson %d.", l.Number))
	}
	if s.stoodIn == nil {
		s.stoodIn = failure
	}
	return 1
}

// attend runs do and says which jump has ended it, or which failure. What has
// to end the run goes on as a panic.
func (s *Stage) attend(do func()) (to Jump, failure *exit.Failure) {
	p := s.opt.Presenter
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		failure = s.Failure(cause, debug.Stack())
		s.brief, s.loop, s.open, s.asking = 0, nil, nil, false
		if s.opt.Supervisor.Ended() != nil || s.Lost() != nil {
			panic(failure)
		}
		to = p.Jump() // the failure may be that what it killed is gone
		if to == Onward {
			errors.As(failure.Err, &to)
		}
		if to == Out {
			panic(failure)
		}
		if to != Onward {
			failure = nil
		}
		p.Leave(s.clean)
	}()
	do()
	return Onward, nil
}
