package stage

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/render"
	"ptwalk/lessons/stage/supervise"
	"ptwalk/lessons/stage/supervise/quit"
)

// Show runs lessons on the terminal or the pipe that standard output is, as the
// flags ask, and returns the exit status. Diagnostics go to standard error.
func Show(lessons []*Lesson, f Flags) int {
	if err := Here(); err != nil {
		return Report(exit.With(exit.Refused, fmt.Errorf("%w\n%s", err, ShownBy(lessons[0]))))
	}
	return f.run(0, func(opt Options, signals *supervise.Supervisor) error {
		printer := f.Printer()
		opt.Sinks = append(opt.Sinks, printer)
		if !f.presents() { // a talk is nobody's progress
			opt.Sinks = append(opt.Sinks, &progressSink{})
		}
		if err := f.sit(&opt, printer, signals, f.presents()); err != nil {
			return err
		}
		return Run(lessons, opt)
	})
}

// Trace is a command that traces and is no lesson. Its events stand between those
// that open and close a lesson, whose number is 0, so that its recording can be
// shown too.
type Trace struct {
	Name, Title string
	Grace       time.Duration // as in Tool
	Failed      int           // the exit status of any failure; 0: those of lessons
}

// Run runs do on a stage of its own. do returns the exit status.
func (t Trace) Run(f Flags, sink event.Sink, do func(*Stage) int) int {
	done := exit.Done
	status := Tool(f, t.Grace, sink, func(s *Stage) {
		s.failed = t.Failed
		s.begin(&event.Lesson{Base: event.Base{At: atFunc(do)}, Name: t.Name, Title: t.Title})
		done = do(s)
		s.conclude(done)
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
func Tool(f Flags, grace time.Duration, sink event.Sink, do func(*Stage)) int {
	return f.run(grace, func(opt Options, _ *supervise.Supervisor) error {
		opt.Sinks = append(opt.Sinks, sink)
		return Do(opt, do)
	})
}

func (f *Flags) run(grace time.Duration, do func(Options, *supervise.Supervisor) error) int {
	signals := supervise.New(grace, Report)
	defer signals.Stop()
	opt := Options{Version: Version(), signals: signals}
	files, err := f.openFiles(&opt)
	if err == nil {
		err = do(opt, signals)
	}
	for _, file := range files {
		if closed := file.Close(); err == nil && closed != nil {
			err = closed
		}
	}
	return Report(err)
}

// sit sets the person before the run: a presenter, a learner, or nobody.
func (f *Flags) sit(opt *Options, printer event.Sink, signals *supervise.Supervisor, presents bool) error {
	keys := term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd()))
	text, isText := printer.(*render.Text)
	switch {
	case presents && isText && (keys || f.auto.on):
		return f.lead(opt, text, signals, keys)
	case presents:
		return errors.New("present takes keys from a terminal, and there is none; --auto 2s plays without")
	case f.pauses():
		fit := func() {}
		if isText {
			fit = func() { text.Fit(f.Columns()) }
		}
		opt.Learner = newTerminal(os.Stdin, os.Stdout, f.Columns, fit, signals)
	}
	return nil
}

// lead makes the guide.
func (f *Flags) lead(opt *Options, text *render.Text, signals *supervise.Supervisor, keys bool) error {
	out := render.Screen(os.Stdout)
	for _, sink := range opt.Sinks {
		if cast, ok := sink.(*render.Cast); ok {
			out = io.MultiWriter(out, cast) // the keys and their answers too
		}
	}
	g := &guide{out: out, live: text, text: text, signals: signals, beside: f.Beside, auto: f.auto,
		width: f.Columns, again: make(chan struct{}, 1)}
	text.To(out)
	text.Each(true)
	text.Trace(func(line string, _ []event.Event) { g.words += len(strings.Fields(line)) })
	if f.Notes != "" {
		file, err := os.Create(f.Notes)
		if err != nil {
			return err
		}
		g.notes = newNotes(file) // written through, and closed with the process
		opt.Sinks = append(opt.Sinks, g.notes)
	}
	opt.Sinks = append(opt.Sinks, g)
	opt.Learner, opt.guide = g, g
	if keys {
		g.keys = make(chan byte)
		signals.TakeKeys(int(os.Stdin.Fd()), supervise.SignalTo(g.again))
		go signals.Beside(func() { g.read(os.Stdin) })
		g.say("Enter makes the next request happen. ? shows the keys.")
	}
	return nil
}

// Printer is the sink for standard output.
func (f *Flags) Printer() event.Sink {
	switch {
	case f.JSON:
		return render.NewJSON(f.JSONOut())
	case f.Markdown:
		return render.NewMarkdown(render.Screen(os.Stdout), f.style(os.Stdout))
	}
	return render.NewText(render.Screen(os.Stdout), f.style(os.Stdout))
}

// JSONOut is standard output for JSON.
func (f *Flags) JSONOut() io.Writer { return f.JSONTo(os.Stdout) }

// JSONTo is w for JSON, which is UTF-8 unless --ascii is asked for.
func (f *Flags) JSONTo(w io.Writer) io.Writer {
	if f.ASCII {
		return render.ASCIIJSON(w)
	}
	return w
}

// openFiles makes the sinks that write to files.
func (f *Flags) openFiles(opt *Options) (files []*os.File, err error) {
	create := func(name string, sink func(*os.File) event.Sink) {
		if name == "" || err != nil {
			return
		}
		var file *os.File
		if file, err = os.Create(name); err == nil {
			files = append(files, file)
			opt.Sinks = append(opt.Sinks, sink(file))
		}
	}
	create(f.Record, func(file *os.File) event.Sink { return render.NewJSON(file) })
	create(f.Cast, func(file *os.File) event.Sink {
		style := f.style(os.Stdout)
		style.Color = f.Color == "always"
		return render.NewCast(file, style)
	})
	return files, err
}

// pauses says whether somebody sits at the terminal and wants to be asked.
func (f *Flags) pauses() bool {
	return !f.Plain && !f.JSON && !f.Markdown && !f.NoPause &&
		term.IsTerminal(int(os.Stdout.Fd())) && term.IsTerminal(int(os.Stdin.Fd()))
}

// Report prints why a run has failed and returns its exit status.
func Report(err error) int {
	if err == nil {
		return exit.Done
	}
	var failure *exit.Failure
	if !errors.As(err, &failure) {
		failure = exit.With(exit.Failed, err)
	}
	if text := failure.Error(); text != "" {
		fmt.Fprintln(render.Screen(os.Stderr), "ptwalk: "+strings.TrimRight(text, "\n"))
	}
	return failure.Exit
}

// Main is the whole of a program that runs one lesson: flags in, status out.
func Main(lesson *Lesson, beside Beside, args []string) int {
	quit.Exit()
	name := fmt.Sprintf("%02d-%s", lesson.Number, lesson.Name)
	f := Flags{Beside: beside}
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	f.Register(fs)
	operands, err := ParseMixed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return Print(fmt.Sprintf("%s [flags]   %s\n\n%s\n\nFlags:\n%s", name, lesson.Title, lesson.Summary, FlagHelp(fs)))
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
	return Show([]*Lesson{lesson}, f)
}

// Usage reports a wrong command line: one sentence, and one line of usage.
func Usage(err error, usage string) int {
	fmt.Fprintf(render.Screen(os.Stderr), "ptwalk: %v\nusage: %s\n", err, usage)
	return exit.Usage
}

// FlagHelp lists the flags of fs, two hyphens each, in columns or as sentences.
func FlagHelp(fs *flag.FlagSet) string {
	var out strings.Builder
	fs.VisitAll(func(f *flag.Flag) {
		operand, text := flag.UnquoteUsage(f)
		name := "--" + f.Name
		if len(f.Name) == 1 {
			name = "-" + f.Name
		}
		if operand != "" && operand != "value" {
			name += " " + strings.ToUpper(operand)
		}
		if Accessible() {
			for i, line := range render.Wrap(name+": "+text, 80-4) {
				out.WriteString(strings.Repeat(" ", 2+2*min(i, 1)) + line + "\n")
			}
			return
		}
		lines := render.Wrap(text, 80-24)
		fmt.Fprintf(&out, "  %-20s  %s\n", name, lines[0])
		for _, line := range lines[1:] {
			fmt.Fprintf(&out, "  %-20s  %s\n", "", line)
		}
	})
	return out.String()
}
