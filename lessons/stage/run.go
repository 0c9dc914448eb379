package stage

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/supervise"
	"ptwalk/tracer"
	"ptwalk/tracer/doctor"
)

// Options of a run.
type Options struct {
	Sinks      []event.Sink
	Learner    Learner               // nil: no pause, and predictions answer themselves
	Presenter  Presenter             // who stops before each request, may be nil
	Supervisor *supervise.Supervisor // what ends the run before its end, may be nil
	Version    string                // of ptwalk, for the lesson event
	Failed     int                   // the exit status of any failure; 0: its own
}

// Asked is the signal that has asked us to end, 0 if none has come.
func (s *Stage) Asked() tracer.Signal { return s.opt.Supervisor.Asked() }

// Run walks through the lessons, in order. It runs them on one goroutine that
// is locked to its thread and lives until the last tracee is gone: for the
// kernel, that thread is the tracer. The error is a *Failure or nil.
func Run(lessons []*Lesson, opt Options) error {
	return Do(opt, func(s *Stage) {
		for i, lesson := range lessons {
			if i > 0 {
				s.between()
			}
			s.play(lesson)
		}
	})
}

// Trace runs do on a stage of its own, between the events that open and close a
// lesson. The number of that is 0: it is a command's, and its recording can be
// shown too. do returns the exit status.
func Trace(opt Options, name, title string, do func(*Stage) int) (status int, err error) {
	err = Do(opt, func(s *Stage) {
		s.begin(&event.Lesson{Base: event.Base{At: atFunc(do)}, Name: name, Title: title})
		status = do(s)
		s.conclude(status)
	})
	return status, err
}

// Do runs do on a stage of its own, as Run does for lessons.
func Do(opt Options, do func(*Stage)) (err error) {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with its last tracee gone
		s := &Stage{opt: opt, start: time.Now()}
		s.Tracer = &tracer.Tracer{Observer: s}
		result <- s.protect(func() { do(s) })
	}()
	return <-result
}

// protect runs do, turns the end of a section into an error, and leaves no
// child behind.
func (s *Stage) protect(do func()) (err error) {
	defer func() {
		s.Tracer.Observer = nil
		s.clean()
		if p := recover(); p != nil {
			failure := s.Failure(p, debug.Stack())
			status := failure.Exit
			if failure.Err == Out {
				status = left
			}
			s.finish(status)
			err = failure
			if s.stoodIn != nil && failure.Err == Out {
				err = s.stoodIn
			}
		}
	}()
	do()
	s.Check() // the last line may not have been written
	if s.stoodIn != nil {
		return s.stoodIn
	}
	return nil
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

func (s *Stage) play(l *Lesson) {
	s.lesson = l
	s.begin(&event.Lesson{Base: event.Base{At: atFunc(l.Sections[0].Run)}, Number: l.Number, Name: l.Name, Title: l.Title})
	if d, deadly := doctor.Deadly(); deadly {
		s.Refuse(d) // the first request would be our last
	}
	for i := 0; i < len(l.Sections); {
		section, last := l.Sections[i], i == len(l.Sections)-1
		s.opened.At = atFunc(section.Run)
		i += s.guided(l, i, last, func() {
			s.emit(&event.Section{Base: event.Base{At: s.opened.At}, Number: i + 1, Title: section.Title})
			section.Run(s)
			s.clean()
			if !last || s.opt.Presenter != nil {
				s.turn()
			}
		})
	}
	status := exit.Done
	if s.stoodIn != nil {
		status = s.stoodIn.Exit
	}
	s.conclude(status)
	s.lesson = nil
}

// begin opens a lesson, or the trace of a command.
func (s *Stage) begin(e *event.Lesson) {
	e.Kernel, e.Machine = thisMachine()
	e.Version, e.PID = s.opt.Version, tracer.TID(os.Getpid())
	s.emit(e)
	s.opened = &event.Base{At: e.At}
}

// conclude closes it.
func (s *Stage) conclude(status int) {
	s.emit(&event.End{Base: event.Base{At: s.opened.At}, Exit: status})
	s.opened = nil
}

// between waits between two lessons. A presenter has waited at the end of the
// first.
func (s *Stage) between() {
	if s.opt.Presenter == nil {
		s.turn()
	}
}

// finish tells the printers that what is open has ended before its end.
func (s *Stage) finish(status int) {
	if s.opened == nil {
		return
	}
	if status <= exit.Missing && s.opt.Failed != 0 {
		status = s.opt.Failed
	}
	end := &event.End{Base: event.Base{T: time.Since(s.start), At: s.opened.At}, Exit: status}
	for _, sink := range s.opt.Sinks {
		sink.Event(end)
	}
}

func (s *Stage) turn() {
	if s.opt.Learner != nil {
		for _, sink := range s.opt.Sinks {
			if held, ok := sink.(interface{ Flush() }); ok {
				held.Flush() // nothing of this section comes after the prompt
			}
		}
		s.opt.Learner.Turn()
		s.Check()
	}
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

// clean kills and reaps every child of the section that has not ended.
func (s *Stage) clean() {
	for _, c := range s.children {
		if !c.ended && c.Tracee.Started {
			c.End()
		}
	}
	s.children = nil
}

// reap ends a child. After SIGKILL no stop needs an answer but the stop at
// PTRACE_EVENT_EXIT.
func (c *Child) reap() {
	if !c.Tracee.Over() && c.Tracee.Kill() != nil {
		c.s.opt.Supervisor.Kill(c.TID()) // a filter may refuse kill(2)
	}
	for !c.Tracee.Over() {
		stop, err := c.Tracee.Wait()
		if err != nil {
			break
		}
		if c.s.Tracer.Observer != nil {
			c.tell(stop, nil)
		}
		if stop.Ended() {
			break
		}
		c.Tracee.Cont(0)
	}
	c.close()
}

// End kills the child and reaps it: the section is done with it.
func (c *Child) End() { c.s.Briefly(c.reap) }

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

func errorf(format string, args ...any) error { return fmt.Errorf(format, args...) }

func itoa(n int) string { return strconv.Itoa(n) }
