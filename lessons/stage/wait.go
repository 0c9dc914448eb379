package stage

import (
	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// Wrote tells what an adopted child has written while nobody waited at a stop. It
// may be called from any goroutine.
func (c *Child) Wrote(text string) {
	if text = c.output[0].whole(text, false); text != "" {
		c.s.put(&event.Output{Base: event.Base{At: c.born}, Stream: c.output[0].name, Text: text})
	}
}

// Over says whether the end of the child was told.
func (c *Child) Over() bool { return c.ended }

// TID is the child's thread id.
func (c *Child) TID() tracer.TID { return c.Tracee.TID }

// Wait waits until the child stops or ends.
func (c *Child) Wait() tracer.Stop {
	stop, err := c.waitAndTell()
	c.must(err)
	return stop
}

func (c *Child) waitAndTell() (tracer.Stop, error) {
	stop, err := c.wait()
	if err == nil {
		c.reported(stop)
	}
	return stop, err
}

// WaitInfo is Wait and PTRACE_GETSIGINFO, for the si_code of the signal.
func (c *Child) WaitInfo() (tracer.Stop, tracer.SigInfo) {
	stop := c.Wait()
	if stop.Ended() {
		return stop, tracer.SigInfo{}
	}
	return stop, c.SigInfo()
}

// wait is Wait of the tracee, with what runs beside it.
func (c *Child) wait() (tracer.Stop, error) {
	if c.Meanwhile != nil {
		defer c.Meanwhile()()
	}
	return c.Tracee.Wait()
}

// reported tells a stop and what was written until then.
func (c *Child) reported(stop tracer.Stop) {
	c.collect(stop)
	c.tell(stop, stop.Code)
}

func (c *Child) tell(stop tracer.Stop, code *int) {
	e := &event.Stop{Stop: stop, Code: code, Brief: c.s.brief > 0}
	switch {
	case c.s.loop == nil:
		c.s.emit(e)
	case stop.Ended():
		c.s.loop.end = e
	}
}

// collect takes what the child has written so far. It has stopped, so nothing
// more is on its way.
func (c *Child) collect(stop tracer.Stop) {
	if stop.Kind == tracer.SignalDelivery {
		c.s.opt.Supervisor.StoppedBy(stop.Signal)
	}
	c.printed = ""
	for _, st := range c.output {
		if text := st.whole(drain(st.file), stop.Ended()); text != "" {
			c.written += len(text)
			c.printed += text
			c.s.wrote(&event.Output{Stream: st.name, Text: text})
		}
	}
	if stop.Ended() {
		c.close()
	}
}

// wrote prints output, behind the loop if there is one.
func (s *Stage) wrote(e *event.Output) {
	if s.loop != nil {
		s.loop.output = append(s.loop.output, e)
		return
	}
	s.emit(e)
}

func (c *Child) close() {
	c.ended = true
	c.s.opt.Supervisor.Reaped(c.TID())
	for _, st := range c.output {
		st.file.Close()
	}
	c.output = nil
}

// Written is how many bytes the child has written so far, as far as we have
// looked: Wait looks.
func (c *Child) Written() int { return c.written }

// Printed is what the child has written between its last two stops.
func (c *Child) Printed() string { return c.printed }

// Poll is Wait that does not wait: it says whether there was a stop to be told.
func (c *Child) Poll() (stop tracer.Stop, told bool) {
	stop, told, err := c.s.Tracer.Poll(c.TID())
	c.must(err)
	if told {
		c.reported(stop)
	}
	return stop, told
}

// Gone is for a thread whose number is nobody's any more: its execve has given it
// the number of the process. Nothing tells its end.
func (c *Child) Gone() {
	c.s.Tracer.Forget(c.TID())
	c.close()
}
