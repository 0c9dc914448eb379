package stage

import (
	"errors"
	"fmt"
	"runtime/debug"

	"ptwalk/lessons/stage/exit"
)

// guided runs do, which is section n of the lesson and perhaps its last, and says
// how many sections to go on: 1, 0 to begin this one again, or -1 for the one before.
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
	case to == Earlier && n > 0:
		return -1
	case to == Earlier:
		p.Say("This is the first section.")
		return 0
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
