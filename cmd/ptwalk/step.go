package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
	"unicode"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/render"
	"ptwalk/tracer"
)

// The exit statuses of the commands that run somebody's program, as those of
// env(1), timeout(1) and nohup(1).
const (
	exitTimeout  = 124
	exitOurs     = 125
	exitCannot   = 126
	exitNotFound = 127
)

const stepUsage = "ptwalk step [flags] [--] PROG [ARGS]"

const stepHelp = stepUsage + `

Steps the first 40 instructions of PROG, or --limit N, and prints a row for
each: its address, what it says and what it did. Then PROG runs to its end.

PROG keeps its standard input, output and error. With --json and --markdown its
standard output comes as output events, so that each line stays one of ours.

`

type stepFlags struct {
	cli.Flags
	limit   uint64
	timeout time.Duration
}

// stepMain steps the first instructions of a program and prints a row for each,
// then lets the program run to its end.
func stepMain(args []string) int {
	var f stepFlags
	fs := flag.NewFlagSet("step", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	f.Register(fs)
	fs.Uint64Var(&f.limit, "limit", 40, "step the first `n` instructions (default: 40; 0: all), then let it run")
	fs.DurationVar(&f.timeout, "timeout", 0, "end the program after this `duration`: 10s, 2m")
	refusePID(fs)
	err := fs.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return cli.Print(stepHelp + cli.FlagHelp(fs))
	}
	if err == nil {
		err = f.Check()
	}
	switch {
	case err != nil:
	case f.timeout < 0:
		err = errNegativeTimeout
	case fs.NArg() == 0:
		err = errors.New("no program is named")
	}
	if err != nil {
		return cli.Usage(err, stepUsage)
	}
	path, p := lookProgram(fs.Arg(0))
	if p != nil {
		return p.report()
	}
	warnPrivileges(path)
	keepIgnored()
	cmd := tracer.Command{Path: path, Argv: fs.Args(), Env: os.Environ(), Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}}
	trace := cli.Trace{Name: "step", Title: commandLine(fs.Args()), Grace: 200 * time.Millisecond, Failed: exitOurs}
	word := "" // on what has ended the program before its end
	status := trace.Run(f.Flags, f.sink(), func(s *stage.Stage) int {
		var end tracer.Stop
		var late atomic.Bool
		end, err = stepProgram(s, cmd, f, &late)
		switch {
		case err != nil:
			p = startProblem(path, err)
			return p.Exit
		case late.Load():
			word = "partial: the time is over"
			return exitTimeout
		case end.Kind == tracer.Killed && end.Signal == s.Asked():
			word = exit.Interrupted{Signal: syscall.Signal(end.Signal), Program: true}.Error()
			return 128 + int(end.Signal)
		case end.Kind == tracer.Killed:
			return 128 + int(end.Signal)
		}
		return end.ExitCode
	})
	switch {
	case p != nil:
		return p.report()
	case word != "":
		return (&problem{word, status}).report()
	}
	return status
}

// commandLine is the program and its arguments, as one line.
func commandLine(argv []string) string {
	words := make([]string, len(argv))
	for i, word := range argv {
		words[i] = word
		if strings.ContainsFunc(word, func(r rune) bool { return r == ' ' || r == '"' || !unicode.IsPrint(r) }) || word == "" {
			words[i] = strconv.Quote(word)
		}
	}
	return strings.Join(words, " ")
}

// sink prints rows, unless another form is asked for.
func (f *stepFlags) sink() event.Sink {
	if f.JSON || f.Markdown || f.Accessible {
		return f.Printer()
	}
	return &rows{w: render.Screen(os.Stdout), width: f.Columns()}
}

// steppedSo closes a table that ends before the program.
func steppedSo(n uint64) string {
	if n == 1 {
		return "This was the first instruction. The rest is not stepped. More: --limit N."
	}
	return fmt.Sprintf("These were the first %d instructions. The rest is not stepped. More: --limit N.", n)
}

// stepProgram prints the rows. Every signal but the SIGTRAPs of the steps is
// passed on.
func stepProgram(s *stage.Stage, cmd tracer.Command, f stepFlags, late *atomic.Bool) (end tracer.Stop, err error) {
	var child *stage.Child
	var stop tracer.Stop
	s.Briefly(func() {
		if child, err = s.StartCommand(cmd, f.JSON || f.Markdown); err != nil {
			return
		}
		giveAway(os.Stdin) // standard output has our rows or events as well
		stop = child.Wait()
		if !stop.Ended() {
			child.Tracee.SetOptions(tracer.ExitKill | tracer.TraceSysGood | tracer.TraceExec) // ESRCH: it was killed
		}
	})
	if err != nil {
		return stop, err
	}
	if f.timeout > 0 {
		timer := time.AfterFunc(f.timeout, func() { late.Store(true); child.KillNow() })
		defer timer.Stop()
	}
	sig := tracer.Signal(0)
	for !stop.Ended() && (f.limit == 0 || child.Executed() < f.limit) {
		stop = child.Row(sig)
		s.Briefly(func() { sig = child.PassOn(stop) })
	}
	if !stop.Ended() {
		s.Note(steppedSo(f.limit))
	}
	s.Briefly(func() {
		if !stop.Ended() {
			child.LetRun()
		}
		for !stop.Ended() {
			child.Resume(sig)
			stop = child.Wait()
			sig = child.PassOn(stop)
		}
	})
	return stop, nil
}
