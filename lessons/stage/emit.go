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
		s.loop.tell(c, s.opt.Busy)
		return
	}
	s.put(&event.Call{Call: *c, N: 1, Brief: s.brief > 0 && !s.asking})
}

// Read implements tracer.Reader: what a request has brought becomes an event of its
// own, right behind the call.
func (s *Stage) Read(tid tracer.TID, value any) {
	brief := (s.brief > 0 || s.loop != nil) && !s.asking
	var e event.Event
	switch v := value.(type) {
	case tracer.Regs:
		e = s.regsEvent(tid, v, brief)
	case tracer.SigInfo:
		info := event.NewSigInfo(tid, v)
		info.Brief = brief
		e = info
	case tracer.SyscallInfo:
		info := event.NewSyscall(tid, v)
		info.Brief = brief
		e = info
	case tracer.Memory:
		e = &event.Memory{TID: tid, Addr: v.Addr, Bytes: v.Bytes, Brief: brief || s.shown == nil}
	default:
		return
	}
	if s.loop != nil && !s.asking {
		s.loop.brought(e)
		return
	}
	s.put(e)
}

// regsEvent tells what has changed since the registers of the thread were read last.
// Those of a row are told by it, and only what has changed is shown.
func (s *Stage) regsEvent(tid tracer.TID, regs tracer.Regs, brief bool) *event.Regs {
	e := &event.Regs{TID: tid, Regs: regs, Brief: brief || s.shown == nil}
	if before, known := s.read[tid]; known {
		e.Changed = regs.Changed(before)
	}
	if s.read == nil {
		s.read = map[tracer.TID]tracer.Regs{}
	}
	s.read[tid] = regs
	if s.shown != nil {
		e.Show = *s.shown
	}
	return e
}

// Showing runs do, whose registers and memory are told for themselves: those that
// are named, or all.
func (s *Stage) Showing(registers []string, do func()) {
	if s.brief == 0 || s.asking {
		s.shown = &registers
		defer func() { s.shown = nil }()
	}
	do()
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
