// Package step steps the first instructions of a program, and prints a row for
// each.
package step

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/program"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/render"
	"ptwalk/tracer"
)

// Command steps the first instructions of a program and prints a row for each, then
// lets the program run to its end.
var Command = &base.Command{
	Name:      "step",
	UsageLine: "step [flags] [--] PROG [ARGS]",
	Short:     "step a program, a row an instruction",
	Long: `Steps the first 40 instructions of PROG, or --limit N, and prints a row for
each: its address, what it says and what it did. Then PROG runs to its end. A
line above the rows names the function that they are in, where it has a symbol.

--from FUNCTION lets PROG run until it comes to that function for the first
time, and steps from there: --from main. It may be one of PROG, or of a library
that is loaded with it. A debug register stops PROG, and nothing is written into
its code.

PROG keeps its standard input, output and error. With --json and --markdown its
standard output comes as output events, so that each line stays one of ours.
`,
	Failed: program.ExitFailed,
	Run:    run,
}

type flags struct {
	cli.Flags
	limit   uint64
	from    string
	timeout time.Duration

	reached bool // the program has come to from
}

func run(cmd *base.Command, args []string) int {
	var f flags
	fs := base.NewFlags()
	f.Register(fs)
	fs.Uint64Var(&f.limit, "limit", 40, "step the first `n` instructions (default: 40; 0: all), then let it run")
	fs.StringVar(&f.from, "from", "", "run until `function` is reached, and step from there")
	fs.DurationVar(&f.timeout, "timeout", 0, "end the program after this `duration`: 10s, 2m")
	program.RefusePID(fs)
	err := fs.Parse(args)
	if err == nil {
		err = f.Check()
	}
	switch {
	case err != nil:
	case f.timeout < 0:
		err = program.ErrNegativeTimeout
	case fs.NArg() == 0:
		err = errors.New("no program is named")
	}
	if status, done := cmd.Done(fs, err); done {
		return status
	}
	path, p := program.LookPath(fs.Arg(0))
	if p != nil {
		return p.Report()
	}
	program.WarnPrivileges(path)
	program.InheritIgnoredSignals()
	child := tracer.Command{Path: path, Argv: fs.Args(), Env: os.Environ(), Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}}
	trace := cli.Trace{Name: "step", Title: base.CommandLine(fs.Args()), Grace: 200 * time.Millisecond, Failed: program.ExitFailed}
	around := program.Prepare()
	word := "" // on what has ended the program before its end
	byUs := true
	status := trace.Run(f.Flags, f.sink(), func(s *stage.Stage) int {
		s.Supervisor().Around(around.Family, func() { around.End(true) })
		var end tracer.Stop
		var late atomic.Bool
		end, err = stepProgram(s, child, &f, &late)
		switch {
		case late.Load():
			word = "partial: the time is over"
			return program.ExitTimeout
		case errors.Is(err, errNoFunction):
			return exit.Usage
		case errors.As(err, &p):
			return p.Exit
		case err != nil:
			p = program.StartProblem(path, err)
			return p.Exit
		case end.Kind == tracer.Killed && end.Signal == s.Asked():
			word = exit.Interrupted{Signal: syscall.Signal(end.Signal), Program: true}.Error()
			return 128 + int(end.Signal)
		}
		byUs = false
		if f.from != "" && !f.reached {
			word = fmt.Sprintf("%s has ended, and its first thread has not come to %s", fs.Arg(0), f.from)
		}
		if end.Kind == tracer.Killed {
			return 128 + int(end.Signal)
		}
		return end.ExitCode
	})
	around.End(byUs)
	switch {
	case errors.Is(err, errNoFunction):
		return cli.Usage(err, cmd.Usage())
	case p != nil:
		return p.Report()
	case word != "":
		return (&program.Problem{Text: word, Exit: status}).Report()
	}
	return status
}

// sink prints rows, unless another form is asked for.
func (f *flags) sink() event.Sink {
	if f.JSON || f.Markdown || f.Accessible {
		return f.Printer()
	}
	return &stepTable{w: render.Screen(os.Stdout), width: f.Columns()}
}

// patience is how many rows in a row may execute nothing. So many signals may come
// at once, with two rows for each.
const patience = 2*64 + 2

// steppedSo closes a table that ends before the program.
func (f *flags) steppedSo() string {
	text := "This was the first instruction"
	if f.limit != 1 {
		text = fmt.Sprintf("These were the first %d instructions", f.limit)
	}
	if f.from != "" {
		text += " from " + f.from + " on"
	}
	return text + ". The rest is not stepped. More: --limit N."
}

// stepProgram prints the rows. Every signal is passed on but those of our steps.
func stepProgram(s *stage.Stage, cmd tracer.Command, f *flags, late *atomic.Bool) (end tracer.Stop, err error) {
	var child *program.Program
	var stop tracer.Stop
	s.Briefly(func() {
		if child, err = program.Start(s, cmd, f.JSON || f.Markdown); err != nil {
			return
		}
		program.ReleaseFiles(os.Stdin) // standard output has our rows or events as well
		stop = child.Wait()
		if !stop.Ended() {
			child.Tracee.SetOptions(tracer.ExitKill | tracer.TraceSysGood | tracer.TraceExec) // ESRCH: it was killed
		}
	})
	if err != nil {
		return stop, err
	}
	if f.timeout > 0 {
		timer := time.AfterFunc(f.timeout, func() { late.Store(true); s.Supervisor().KillForGood() })
		defer timer.Stop()
	}
	child.NameFunctions()
	if f.from != "" && !stop.Ended() {
		s.Briefly(func() { stop, err = (&reach{s: s, child: child, name: f.from}).run(stop) })
		if err != nil {
			return stop, err
		}
		f.reached = !stop.Ended()
	}
	sig := tracer.Signal(0)
	for !stop.Ended() && (f.limit == 0 || child.Executed() < f.limit) && child.Idle() < patience {
		stop, sig = child.Step(sig)
	}
	switch {
	case stop.Ended():
	case child.Idle() == patience:
		s.Note("These %d rows have executed nothing: there is no progress. The rest is not stepped.", patience)
	default:
		s.Note("%s", f.steppedSo())
	}
	s.Briefly(func() {
		if !stop.Ended() {
			child.Leave()
		}
		for !stop.Ended() {
			child.Resume(sig)
			stop = child.Wait()
			sig = child.SignalToDeliver(stop)
		}
	})
	return stop, nil
}
