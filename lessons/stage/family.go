package stage

import (
	"slices"

	"ptwalk/tracer"
)

// Joined is the thread or child of this number, which an option of the tracee's has
// attached by itself, as a child of its own. The number comes from the message of the
// event, or from the first stop: whichever is told first makes it known. It is killed
// and reaped with the section.
func (c *Child) Joined(tid tracer.TID) *Child {
	for _, known := range c.s.children {
		if known.TID() == tid && !known.ended {
			return known
		}
	}
	joined := c.Thread(tid)
	joined.Tracee = c.s.Tracer.Adopt(tid, c.Tracee)
	joined.born = c.born
	c.s.track(joined)
	return joined
}

// WaitAny waits until any tracee or child stops or ends, and says which.
func (s *Stage) WaitAny() (*Child, tracer.Stop) {
	stop, err := s.Tracer.Wait(tracer.Any)
	s.Must(err)
	if len(s.children) == 0 {
		s.Fail(errorf("%v stopped, and nobody knows it", stop.TID))
	}
	child := s.children[0].Joined(stop.TID)
	child.reported(stop)
	return child, stop
}

// EndAll kills and reaps all that the section has started and that lives, the newest
// first: a process is over when its other threads have been reaped.
func (s *Stage) EndAll() {
	for _, c := range slices.Backward(s.children) {
		if !c.ended && c.Tracee.Started {
			c.End()
		}
	}
}

// Gone is for a thread whose number is nobody's any more: its execve has given it
// the number of the process. Nothing tells its end.
func (c *Child) Gone() {
	c.s.Tracer.Forget(c.TID())
	c.close()
}

// Poll is Wait that does not wait: it says whether there was a stop to be told.
func (c *Child) Poll() (stop tracer.Stop, told bool) {
	stop, told, err := c.s.Tracer.Poll(c.TID())
	c.must(err)
	if told {
		c.reported(stop)
	}
	return stop, told
}
