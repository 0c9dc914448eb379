package stage

import (
	"runtime"
	"time"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// Emit tells an event to whoever shows or keeps the run.
func (s *Stage) Emit(e event.Event) { s.emit(e) }

// emit stamps an event and hands it to the sinks, unless the run has to end.
func (s *Stage) emit(e event.Event) {
	if !s.apart {
		s.Check()
	}
	s.put(e)
}

// put is emit where the run must not end: after a request, whose result the
// caller needs.
func (s *Stage) put(e event.Event) {
	b := event.BaseOf(e)
	if b.At == "" {
		b.At = s.at()
	}
	s.alone(func() {
		b.T = time.Since(s.start)
		s.Pass(e)
	})
}

// Pass hands on an event that was stamped already, as by a stage apart.
func (s *Stage) Pass(e event.Event) {
	for _, sink := range s.opt.Sinks {
		sink.Event(e)
	}
}

// Before implements tracer.Observer: it is the place where a run can end.
func (s *Stage) Before(c *tracer.Call) {
	if !s.apart {
		s.Check()
		if p := s.opt.Presenter; p != nil && !s.asking {
			r := Request{At: s.at(), Call: *c}
			if s.loop != nil {
				r.Loop = s.loops
			}
			p.Before(s, r)
		}
	}
}

// After implements tracer.Observer: each call becomes an event.
func (s *Stage) After(c *tracer.Call) {
	if c.Name == "fork" && c.Errno != 0 {
		return // a step of the child may have failed: failStart says which
	}
	if s.loop != nil && !s.asking {
		s.loop.add(*c)
		return
	}
	s.put(&event.Call{Call: *c, N: 1, Brief: s.brief > 0 && !s.asking})
}

// at is the place of the lesson, or of the command, that we work for: the first
// caller in its files. The file counts and not the function, because a closure
// of ours may have been compiled into a function of the lesson.
func (s *Stage) at() string {
	var pcs [24]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if at := place(f.File, f.Line); at != "" {
			return at
		}
		if !more {
			return s.from
		}
	}
}
