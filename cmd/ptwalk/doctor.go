package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"ptwalk/lessons"
	"ptwalk/lessons/stage"
	"ptwalk/tracer/doctor"
)

const doctorUsage = "ptwalk doctor [--json] [--for LESSON]"

// doctorHelper is the word by which the doctor starts ptwalk once more, to ask
// from another process. It is no command for people.
const doctorHelper = "doctor-helper"

// doctorMain probes this machine and says what works, what does not, and why.
func doctorMain(args []string) int {
	var f stage.Flags
	var word string
	one := false
	fs := flag.NewFlagSet("doctor", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	f.RegisterLook(fs)
	fs.Func("for", "judge for one `lesson` alone: exit 0 if it can run, else 3", func(s string) error { word, one = s, true; return nil })
	operands, err := stage.ParseMixed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return stage.Print(fmt.Sprintf("%s\n\nProbes what this machine allows a tracer to do, and says what works, what does\nnot, and why. Exit status 3: no lesson can run.\n\n%s", doctorUsage, stage.FlagHelp(fs)))
	}
	if err == nil && len(operands) > 0 {
		err = fmt.Errorf("doctor takes no operand, and %q is one", operands[0])
	}
	if err == nil {
		err = f.Check()
	}
	var lesson *stage.Lesson
	if err == nil && one {
		var ok bool
		if lesson, ok = lessons.Find(word); !ok {
			err = noLesson(word)
		}
	}
	if err != nil {
		return stage.Usage(err, doctorUsage)
	}
	if err := stage.Here(); err != nil {
		return stage.Report(err)
	}
	report, ended := examine(lesson)
	if ended != 0 {
		return 128 + int(ended)
	}
	if status := printReport(f, &report, lesson); status != stage.ExitDone {
		return status
	}
	if !report.OK && (lesson != nil || report.None()) {
		return stage.ExitRefused
	}
	return stage.ExitDone
}

// examine probes, until a signal says stop.
func examine(lesson *stage.Lesson) (doctor.Report, syscall.Signal) {
	caught := make(chan os.Signal, 1)
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(sig) {
			signal.Notify(caught, sig)
		}
	}
	defer signal.Stop(caught)
	opt := doctor.Options{Helper: []string{os.Args[0], doctorHelper}, Required: lessons.Needs()}
	if lesson != nil {
		opt.Required = []doctor.Requirement{lessons.NeedsOf(lesson)}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan doctor.Report)
	go func() { done <- doctor.Examine(ctx, opt) }()
	select {
	case report := <-done:
		cancel()
		return report, 0
	case sig := <-caught:
		cancel()
		return <-done, sig.(syscall.Signal)
	}
}

func printReport(f stage.Flags, r *doctor.Report, lesson *stage.Lesson) int {
	if f.JSON {
		return stage.Report(r.WriteJSON(os.Stdout))
	}
	return stage.Tool(f, 0, f.Printer(), func(s *stage.Stage) { tellReport(s, r, lesson) })
}
