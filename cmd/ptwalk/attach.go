package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"time"

	"ptwalk/lessons/stage"
)

const attachUsage = "ptwalk attach [flags] PID"

// attachMain looks at every thread of a running process and lets it go on as it
// was.
func attachMain(args []string) int {
	var f stage.Flags
	var pidFlag string
	fs := flag.NewFlagSet("attach", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	f.Register(fs)
	fs.StringVar(&pidFlag, "p", "", "the process, as strace and gdb take it: -p `pid`")
	operands, err := stage.ParseMixed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return stage.Print(fmt.Sprintf("%s\n\nStops each thread of a process for a moment, looks at its registers and\nthe system call that it is in, and lets it go on as it was.\n\n%s", attachUsage, stage.FlagHelp(fs)))
	}
	if pidFlag != "" {
		operands = append(operands, pidFlag)
	}
	if err == nil {
		err = f.Check()
	}
	pid := 0
	if err == nil {
		pid, err = onePID(operands)
	}
	if err != nil {
		return stage.Usage(err, attachUsage)
	}
	if err := stage.Here(); err != nil {
		return stage.Report(err)
	}
	return stage.Tool(f, 0, f.Printer(), func(s *stage.Stage) { s.Look(pid, time.Second) })
}

func onePID(operands []string) (int, error) {
	switch len(operands) {
	case 0:
		return 0, errors.New("no process is named")
	case 1:
	default:
		return 0, fmt.Errorf("attach takes one process, and %q is one too many", operands[1])
	}
	pid, err := strconv.Atoi(operands[0])
	if err != nil || pid <= 0 || pid > 1<<30 {
		return 0, fmt.Errorf("a PID is a positive number, and %q is not", operands[0])
	}
	return pid, nil
}
