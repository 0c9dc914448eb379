package stage

import (
	"errors"
	"fmt"
	"syscall"

	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/supervise"
	"ptwalk/tracer"
	"ptwalk/tracer/doctor"
	"ptwalk/tracer/names"
)

func (c *Child) must(err error) { c.s.Must(err) }

// ErrnoName is the name of the errno in an error: "ESRCH", or "0" if there is
// none.
func ErrnoName(err error) string {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return "0"
	}
	return names.ErrnoName(int(errno))
}

// Supervisor is what ends the run before its end; it may be nil.
func (s *Stage) Supervisor() *supervise.Supervisor { return s.opt.Supervisor }

// Asked is the signal that has asked us to end, 0 if none has come.
func (s *Stage) Asked() tracer.Signal { return s.opt.Supervisor.Asked() }

// alone runs do while nobody else uses the sinks.
func (s *Stage) alone(do func()) {
	if s.shared != nil {
		s.shared.Lock()
		defer s.shared.Unlock()
	}
	do()
}

// Failure is what a panic means, with its stack. Most are failures that end the run as they
// should; any other is a mistake of ours, and must not keep us from cleaning up.
// A signal that asks us to end kills what we started, and so what fails after it
// fails because of it.
func (s *Stage) Failure(p any, stack []byte) *exit.Failure {
	f, ok := p.(*exit.Failure)
	if !ok {
		return exit.Mistake(p, stack)
	}
	if asked := s.opt.Supervisor.Ended(); asked != nil {
		return asked
	}
	return f
}

// Check ends the run if a signal asks for it or the output is gone.
func (s *Stage) Check() {
	if f := s.opt.Supervisor.Ended(); f != nil {
		panic(f)
	}
	if p := s.opt.Presenter; p != nil {
		if to := p.Jump(); to != Onward {
			panic(Leave(to))
		}
	}
	if f := s.Lost(); f != nil {
		panic(f)
	}
}

// Lost is why the output is gone, or nil.
func (s *Stage) Lost() (f *exit.Failure) {
	s.alone(func() {
		for _, sink := range s.opt.Sinks {
			if w, ok := sink.(interface{ Err() error }); ok && w.Err() != nil && f == nil {
				f = exit.ByWrite(w.Err())
			}
		}
	})
	return f
}

// Fail ends the section with an error that the lesson did not plan for.
func (s *Stage) Fail(err error) {
	var refused *tracer.Error
	if errors.As(err, &refused) {
		if d, ok := doctor.Request(refused.Request, int(refused.TID), refused.Err); ok {
			s.Refuse(d)
		}
	}
	panic(exit.With(exit.Failed, err))
}

// Must is Fail, if there is an error.
func (s *Stage) Must(err error) {
	if err != nil {
		s.Fail(err)
	}
}

// Refuse ends the run because of a diagnosis. A lesson that cannot be run can
// still be shown: the last line says how. The diagnosis loses nothing for that.
func (s *Stage) Refuse(d doctor.Diagnosis) {
	text := d.String()
	if s.lesson != nil && d.Exit == exit.Refused {
		text += "\n" + ShownBy(s.lesson)
	}
	panic(exit.With(d.Exit, errors.New(text)))
}

// needProc ends the run where /proc would say nothing of a child, or speak of
// another process.
func (s *Stage) needProc() {
	if d, ok := doctor.WithoutProc(); ok {
		s.Refuse(d)
	}
}

// ShownBy is how a lesson can be seen where it cannot be run.
func ShownBy(l *Lesson) string {
	return fmt.Sprintf("Without ptrace it can still be shown: ptwalk replay %d", l.Number)
}

// failStart ends the section because a child could not be started. The targets
// are ours and run everywhere, so EPERM and ENOSYS speak of ptrace.
func (s *Stage) failStart(name string, err error) {
	errno, _ := err.(syscall.Errno)
	switch errno {
	case syscall.EPERM, syscall.ENOSYS:
		s.Refuse(doctor.Self(errno))
	case syscall.ENOENT, syscall.EACCES, syscall.ENOEXEC, syscall.ENOTDIR:
		panic(exit.With(exit.Missing, fmt.Errorf("%s cannot be run: %w", name, err)))
	}
	panic(exit.With(exit.Failed, fmt.Errorf("cannot start %s: %w", name, err)))
}
