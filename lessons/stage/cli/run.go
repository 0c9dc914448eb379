// Package cli is the command line of a lesson: its flags, the run that they ask
// for, the person at the terminal, and what has become of earlier runs.
package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/present"
	"ptwalk/lessons/stage/render"
	"ptwalk/lessons/stage/supervise"
	"ptwalk/lessons/stage/supervise/quit"
)

// Show runs lessons on the terminal or the pipe that standard output is, as the
// flags ask, and returns the exit status. Diagnostics go to standard error.
func Show(lessons []*stage.Lesson, f Flags) int {
	if err := Supported(); err != nil {
		return Report(exit.With(exit.Refused, fmt.Errorf("%w\n%s", err, stage.ShownBy(lessons[0]))))
	}
	return f.run(0, func(opt stage.Options) error {
		printer := f.Printer()
		opt.Sinks = append(opt.Sinks, printer)
		if !f.presents() { // a talk is nobody's progress
			opt.Sinks = append(opt.Sinks, &progressSink{})
		}
		opt.Busy = f.busy()
		if err := f.sit(&opt, printer, f.presents()); err != nil {
			return err
		}
		return stage.Walk(lessons, opt)
	})
}

// Replay shows events that a recording holds, through printer and into the files
// that the flags ask for, and returns the exit status.
func Replay(events []event.Event, f Flags, printer event.Sink) int {
	return f.run(0, func(opt stage.Options) error {
		opt.Sinks = append(opt.Sinks, printer)
		if err := f.sit(&opt, printer, f.presents() || f.pauses()); err != nil {
			return err
		}
		return stage.Replay(events, opt)
	})
}

// Trace is a command that traces and is no lesson: see [stage.Trace].
type Trace struct {
	Name, Title string
	Grace       time.Duration // as in Tool
	Failed      int           // the exit status of any failure; 0: those of lessons
}

// Run runs do on a stage of its own. do returns the exit status.
func (t Trace) Run(f Flags, sink event.Sink, do func(*stage.Stage) int) int {
	done := exit.Done
	status := f.run(t.Grace, func(opt stage.Options) (err error) {
		opt.Sinks, opt.Failed = append(opt.Sinks, sink), t.Failed
		done, err = stage.Trace(opt, t.Name, t.Title, do)
		return err
	})
	switch {
	case status == exit.Done:
		return done
	case status <= exit.Missing && t.Failed != 0:
		return t.Failed
	}
	return status
}

// Tool runs do on a stage of its own, for a command that is no lesson. The
// grace is how long a signal that ends us waits, for a program that gets it
// first.
func Tool(f Flags, grace time.Duration, sink event.Sink, do func(*stage.Stage)) int {
	return f.run(grace, func(opt stage.Options) error {
		opt.Sinks = append(opt.Sinks, sink)
		return stage.Do(opt, do)
	})
}

func (f *Flags) run(grace time.Duration, do func(stage.Options) error) int {
	supervisor := supervise.New(grace, Report)
	defer supervisor.Stop()
	opt := stage.Options{Version: Version(), Supervisor: supervisor}
	files, err := f.openFiles(&opt)
	if err == nil {
		err = do(opt)
	}
	for _, file := range files {
		if closed := file.Close(); err == nil && closed != nil {
			err = closed
		}
	}
	return Report(err)
}

// sit sets the person before the run: a presenter, a learner, or nobody.
func (f *Flags) sit(opt *stage.Options, printer event.Sink, presents bool) error {
	keys := term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd()))
	text, isText := printer.(*render.Text)
	switch {
	case presents && isText && (keys || f.auto.On):
		return f.lead(opt, text, keys)
	case presents:
		return errors.New("present takes keys from a terminal, and there is none; --auto 2s plays without")
	case f.pauses():
		fit := func() {}
		if isText {
			fit = func() { text.Fit(f.Columns()) }
		}
		opt.Learner = newPrompt(os.Stdin, os.Stdout, f.Columns, fit, opt.Supervisor)
	}
	return nil
}

// lead has a presenter lead the run.
func (f *Flags) lead(opt *stage.Options, text *render.Text, keys bool) error {
	c := present.Config{Out: render.Screen(os.Stdout), Text: text, Width: f.Columns,
		Supervisor: opt.Supervisor, Beside: f.Beside, Auto: f.auto}
	for _, sink := range opt.Sinks {
		if cast, ok := sink.(*render.Cast); ok {
			c.Out = io.MultiWriter(c.Out, cast) // the keys and their answers too
		}
	}
	if f.Notes != "" {
		file, err := os.Create(f.Notes)
		if err != nil {
			return err
		}
		c.Notes = file // written through, and closed with the process
	}
	if keys {
		c.Keys = os.Stdin
	}
	p, sinks := present.New(c)
	opt.Sinks = append(opt.Sinks, sinks...)
	opt.Learner, opt.Presenter = p, p
	return nil
}

// LessonHelp is what a command that runs a lesson says of it.
func LessonHelp(command string, l *stage.Lesson, fs *flag.FlagSet) string {
	return fmt.Sprintf("%s [flags]   %s\n\n%s\n\nFlags:\n%s", command, l.Title, l.Summary, FlagHelp(fs))
}

// Main is the whole of a program that runs one lesson: flags in, status out.
func Main(lesson *stage.Lesson, beside stage.Beside, args []string) int {
	quit.Exit()
	name := fmt.Sprintf("%02d-%s", lesson.Number, lesson.Name)
	f := Flags{Beside: beside}
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	f.Register(fs)
	operands, err := ParseMixed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return Print(LessonHelp(name, lesson, fs))
	}
	if err == nil && len(operands) > 0 {
		err = fmt.Errorf("%s takes no operand, and %q is one", name, operands[0])
	}
	if err == nil {
		err = f.Check()
	}
	if err != nil {
		return Usage(err, name+" [flags]; "+name+" -h shows them")
	}
	return Show([]*stage.Lesson{lesson}, f)
}
