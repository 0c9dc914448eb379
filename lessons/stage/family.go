package stage

import (
	"slices"

	"ptwalk/tracer"
)

// Joined is the thread or child of this number, which an option of the tracee's has
// attached by itself, as a child of its own. The number comes from the message of the
// event. WaitAny makes it known as well, where its first stop is told before that.
func (c *Child) Joined(tid tracer.TID) *Child {
	joined := c.s.childOf(tid)
	joined.Target, joined.table = c.Target, c.table
	return joined
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
