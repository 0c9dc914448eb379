package stage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/doctor"
)

// The exit statuses of a lesson.
const (
	ExitDone    = 0
	ExitFailed  = 1
	ExitUsage   = 2
	ExitRefused = 3
	ExitMissing = 4
)

// Options of a run.
type Options struct {
	Sinks   []Sink
	Learner Learner // nil: no pause, and predictions answer themselves
	Version string  // of ptwalk, for the lesson event

	signals *signals // may be nil
	guide   *guide   // who stops before each request, may be nil
}

// Learner is who sits at the terminal.
type Learner interface {
	// Choose waits for one of n answers; nil if none was given.
	Choose(n int) *int
	// Turn waits until the learner wants the next section.
	Turn()
}

// Failure is how a run ends before its end.
type Failure struct {
	Exit int
	Err  error
}

func (f *Failure) Error() string { return f.Err.Error() }
func (f *Failure) Unwrap() error { return f.Err }

// Interrupted is a run that a signal has ended. It needs no word, unless a program
// of somebody's was ended with it.
type Interrupted struct {
	Signal  syscall.Signal
	Program bool
}

func (i Interrupted) Error() string {
	if !i.Program {
		return ""
	}
	return fmt.Sprintf("partial: interrupted by %v", tracer.Signal(i.Signal))
}

// Asked is the signal that has asked us to end, 0 if none has come.
func (s *Stage) Asked() tracer.Signal {
	if s.opt.signals == nil {
		return 0
	}
	s.opt.signals.mu.Lock()
	defer s.opt.signals.mu.Unlock()
	return tracer.Signal(s.opt.signals.asked)
}

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
			failure := s.asFailure(p, debug.Stack())
			exit := failure.Exit
			if failure.Err == out {
				exit = left
			}
			s.finish(exit)
			err = failure
			if g := s.opt.guide; g != nil && g.failed != nil && failure.Err == out {
				err = g.failed
			}
		}
	}()
	do()
	s.check() // the last line may not have been written
	if g := s.opt.guide; g != nil && g.failed != nil {
		return g.failed
	}
	return nil
}

// asFailure is what a panic means. Most are failures that end the run as they
// should; any other is a mistake of ours, and must not keep us from cleaning up.
// A signal that asks us to end kills what we started, and so what fails after it
// fails because of it.
func (s *Stage) asFailure(p any, stack []byte) *Failure {
	f, ok := p.(*Failure)
	if !ok {
		return mistake(p, stack)
	}
	if asked := s.opt.signals.ended(); asked != nil {
		return asked
	}
	return f
}

func mistake(p any, stack []byte) *Failure {
	return &Failure{ExitFailed, fmt.Errorf("a mistake in ptwalk: %v\n%s", p, stack)}
}

func (s *Stage) play(l *Lesson) {
	s.lesson = l
	s.begin(&LessonEvent{Base: Base{At: atFunc(l.Sections[0].Run)}, Number: l.Number, Name: l.Name, Title: l.Title})
	if d, deadly := doctor.Deadly(); deadly {
		s.refuse(d) // the first request would be our last
	}
	for i := 0; i < len(l.Sections); {
		section, last := l.Sections[i], i == len(l.Sections)-1
		s.opened.At = atFunc(section.Run)
		i += s.guided(l, i, last, func() {
			s.emit(&SectionEvent{Base: Base{At: s.opened.At}, Number: i + 1, Title: section.Title})
			section.Run(s)
			s.clean()
			if !last || s.opt.guide != nil {
				s.turn()
			}
		})
	}
	exit := ExitDone
	if g := s.opt.guide; g != nil && g.failed != nil {
		exit = g.failed.Exit // the recording has stood in
	}
	s.conclude(exit)
	s.lesson = nil
}

// begin opens a lesson, or the trace of a command.
func (s *Stage) begin(e *LessonEvent) {
	e.Kernel, e.Machine = thisMachine()
	e.Version, e.PID = s.opt.Version, tracer.TID(os.Getpid())
	s.emit(e)
	s.opened = &Base{At: e.At}
}

// conclude closes it.
func (s *Stage) conclude(exit int) {
	s.emit(&EndEvent{Base{At: s.opened.At}, exit})
	s.opened = nil
}

// between waits between two lessons. A guide has waited at the end of the first.
func (s *Stage) between() {
	if s.opt.guide == nil {
		s.turn()
	}
}

// finish tells the printers that what is open has ended before its end.
func (s *Stage) finish(exit int) {
	if s.opened == nil {
		return
	}
	if exit <= ExitMissing && s.failed != 0 {
		exit = s.failed
	}
	end := &EndEvent{Base{T: time.Since(s.start), At: s.opened.At}, exit}
	for _, sink := range s.opt.Sinks {
		sink.Event(end)
	}
}

func (s *Stage) turn() {
	if s.opt.Learner != nil {
		for _, sink := range s.opt.Sinks {
			if text, ok := sink.(*Text); ok {
				text.tellBrief() // nothing of this section comes after the prompt
			}
		}
		s.opt.Learner.Turn()
		s.check()
	}
}

// check ends the run if a signal asks for it or the output is gone.
func (s *Stage) check() {
	if f := s.opt.signals.ended(); f != nil {
		panic(f)
	}
	if s.opt.guide != nil {
		s.opt.guide.check()
	}
	if f := s.lost(); f != nil {
		panic(f)
	}
}

// lost is why the output is gone, or nil.
func (s *Stage) lost() (f *Failure) {
	s.alone(func() {
		for _, sink := range s.opt.Sinks {
			if w, ok := sink.(interface{ Err() error }); ok && w.Err() != nil && f == nil {
				f = outputFailure(w.Err())
			}
		}
	})
	return f
}

// outputFailure is what a failed write means: a closed pipe ends us as SIGPIPE
// would, without a word; anything else is told.
func outputFailure(err error) *Failure {
	if errors.Is(err, syscall.EPIPE) {
		return interrupted(syscall.SIGPIPE, false)
	}
	what := "the output"
	var file *fs.PathError
	if errors.As(err, &file) && file.Path != os.Stdout.Name() {
		what = strconv.Quote(file.Path)
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		err = errno
	}
	return &Failure{ExitFailed, fmt.Errorf("cannot write %s: %w", what, err)}
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
	if !c.Tracee.Over() && c.Tracee.Kill() != nil && c.s.opt.signals != nil {
		c.s.opt.signals.started.Signal(tracer.SIGKILL, c.TID()) // a filter may refuse kill(2)
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

// fail ends the section with an error that the lesson did not plan for.
func (s *Stage) fail(err error) {
	var refused *tracer.Error
	if errors.As(err, &refused) {
		if d, ok := doctor.Request(refused.Request, int(refused.TID), refused.Err); ok {
			s.refuse(d)
		}
	}
	panic(&Failure{ExitFailed, err})
}

// refuse ends the run because of a diagnosis. A lesson that cannot be run can
// still be shown: the last line says how. The diagnosis loses nothing for that.
func (s *Stage) refuse(d doctor.Diagnosis) {
	text := d.String()
	if s.lesson != nil && d.Exit == ExitRefused {
		text += "\n" + ShownBy(s.lesson)
	}
	panic(&Failure{d.Exit, errors.New(text)})
}

// needProc ends the run where /proc would say nothing of a child, or speak of
// another process.
func (s *Stage) needProc() {
	if d, ok := doctor.WithoutProc(); ok {
		s.refuse(d)
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
		s.refuse(doctor.Self(errno))
	case syscall.ENOENT, syscall.EACCES, syscall.ENOEXEC, syscall.ENOTDIR:
		panic(&Failure{ExitMissing, fmt.Errorf("%s cannot be run: %w", name, err)})
	}
	panic(&Failure{ExitFailed, fmt.Errorf("cannot start %s: %w", name, err)})
}

func errorf(format string, args ...any) error { return fmt.Errorf(format, args...) }

func itoa(n int) string { return strconv.Itoa(n) }
