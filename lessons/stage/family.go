package stage

import "ptwalk/tracer"

// WaitAny waits until a tracee of ours stops or ends, whichever is first, and tells it.
// A thread or child that an option has attached by itself becomes a child of the stage:
// it is killed with the others.
func (s *Stage) WaitAny() (*Child, tracer.Stop) {
	stop, err := s.Tracer.Wait(tracer.Any)
	s.Must(err)
	child := s.childOf(stop.TID)
	child.reported(stop)
	return child, stop
}

// PollAny is WaitAny where something has happened already; false if nothing has.
func (s *Stage) PollAny() (child *Child, stop tracer.Stop, happened bool) {
	stop, happened, err := s.Tracer.Poll(tracer.Any)
	if err != nil || !happened {
		return nil, stop, false
	}
	child = s.childOf(stop.TID)
	child.reported(stop)
	return child, stop, true
}

// Joined is the thread or child of this number, which an option of the tracee's has
// attached by itself, as a child of its own. The number comes from the message of the
// event. WaitAny makes it known as well, where its first stop is told before that.
func (c *Child) Joined(tid tracer.TID) *Child {
	joined := c.s.childOf(tid)
	joined.Target, joined.table = c.Target, c.table
	return joined
}

// childOf is the child with this tid.
func (s *Stage) childOf(tid tracer.TID) *Child {
	for _, child := range s.children {
		if child.TID() == tid && !child.ended {
			return child
		}
	}
	like := &tracer.Tracee{Started: true}
	if len(s.children) > 0 {
		like = s.children[0].Tracee
	}
	child := &Child{s: s, Tracee: s.Tracer.Adopt(tid, like), born: s.at()}
	s.track(child)
	return child
}
