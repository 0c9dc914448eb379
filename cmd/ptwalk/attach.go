package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/exit"
)

const attachUsage = "ptwalk attach [flags] PID"

// attachMain looks at every thread of a running process and lets it go on as it
// was.
func attachMain(args []string) int {
	var f cli.Flags
	fs := flag.NewFlagSet("attach", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	f.Register(fs)
	var named []string
	fs.Func("p", "the process, as strace and gdb take it: -p `pid`", func(pid string) error { named = append(named, pid); return nil })
	operands, err := cli.ParseMixed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return cli.Print(fmt.Sprintf("%s\n\nStops each thread of a process for a moment, looks at its registers and\nthe system call that it is in, and lets it go on as it was.\n\nptwalk attach alone runs lesson 5.\n\n%s", attachUsage, cli.FlagHelp(fs)))
	}
	operands = append(operands, named...)
	if err == nil {
		err = f.Check()
	}
	pid := 0
	if err == nil {
		pid, err = onePID(operands)
	}
	if err != nil {
		return cli.Usage(err, attachUsage)
	}
	if err := cli.Supported(); err != nil {
		return cli.Report(err)
	}
	trace := cli.Trace{Name: "attach", Title: strconv.Itoa(pid)}
	return trace.Run(f, f.Printer(), func(s *stage.Stage) int {
		s.Look(pid, time.Second)
		return exit.Done
	})
}

func onePID(operands []string) (int, error) {
	switch len(operands) {
	case 0:
		return 0, errors.New("no process is named")
	case 1:
	default:
		return 0, fmt.Errorf("attach takes one process, and %q is one too many", operands[1])
	}
	pid, err := strconv.ParseInt(operands[0], 10, 32) // pid_t
	switch {
	case errors.Is(err, strconv.ErrRange) && pid > 0:
		return 0, fmt.Errorf("no PID is as large as %s", operands[0])
	case err != nil || pid <= 0 || strings.HasPrefix(operands[0], "+"):
		return 0, fmt.Errorf("a PID is a positive number, and %q is not", operands[0])
	}
	return int(pid), nil
}
