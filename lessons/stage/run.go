package stage

import (
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/tracer"
	"ptwalk/tracer/doctor"
)

// left is the exit status of the end event of a lesson that was left by Out. It
// is not 0: the lesson has not reached its end.
const left = 130

// Walk goes through the lessons, in order. It runs them on one goroutine that
// is locked to its thread and lives until the last tracee is gone: for the
// kernel, that thread is the tracer. The error is a *Failure or nil.
func Walk(lessons []*Lesson, opt Options) error {
	return Do(opt, func(s *Stage) {
		for i, lesson := range lessons {
			s.play(lesson, i > 0)
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

// Do runs do on a stage of its own, as Walk does for lessons.
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

// play plays one lesson. If it goes on from another one, it waits below its heading.
func (s *Stage) play(l *Lesson, goesOn bool) {
	s.lesson, s.missed = l, nil
	s.begin(&event.Lesson{Base: event.Base{At: atFunc(l.Sections[0].Run)}, Number: l.Number, Name: l.Name, Title: l.Title})
	if d, deadly := doctor.Deadly(); deadly {
		s.Refuse(d) // the first request would be our last
	}
	if l.From <= 1 {
		s.opening(l, goesOn)
	}
	sections := l.sections()
	for i := max(l.From-1, 0); i < len(sections); {
		section, last := sections[i], i == len(sections)-1
		if i < len(l.Sections) {
			s.opened.At = atFunc(section.Run)
		}
		i += s.guided(l, i, last, func() {
			s.number = i + 1
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

// opening says what comes before the first section, and waits until it is read.
// One that goes on from another lesson waits in any case, so that its heading is seen;
// a presenter has waited at the end of the other one.
func (s *Stage) opening(l *Lesson, goesOn bool) {
	if l.Opening != "" {
		s.Say(l.Opening)
	}
	if l.Opening != "" || goesOn && s.opt.Presenter == nil {
		s.turn()
	}
}

// sections are those of the lesson, and one that ends it: what the learner can do
// now, and where to go on.
func (l *Lesson) sections() []Section {
	if len(l.Can) == 0 {
		return l.Sections
	}
	end := Section{"What you can do now", func(s *Stage) {
		at := s.opened.At
		s.emit(&event.Say{Base: event.Base{At: at}, Text: "    - " + strings.Join(l.Can, "\n    - ")})
		s.tellMissed(l, at)
		s.emit(&event.Say{Base: event.Base{At: at}, Text: l.Next})
	}}
	return append(slices.Clone(l.Sections), end)
}

// begin opens a lesson, or the trace of a command.
func (s *Stage) begin(e *event.Lesson) {
	OnThisMachine(e, s.opt.Version)
	s.emit(e)
	s.opened = &event.Base{At: e.At}
}

// OnThisMachine fills in what is true of each run here: the kernel, the machine, the
// version of ptwalk and the process that traces.
func OnThisMachine(e *event.Lesson, version string) {
	e.Kernel, e.Machine = thisMachine()
	e.Version, e.PID = version, tracer.TID(os.Getpid())
}

// conclude closes it.
func (s *Stage) conclude(status int) {
	s.emit(&event.End{Base: event.Base{At: s.opened.At}, Exit: status})
	s.opened = nil
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
