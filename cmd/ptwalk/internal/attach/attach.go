// Package attach looks at a process that runs already and leaves it as it was
// found.
package attach

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/program"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/exit"
)

// Command looks at every thread of a running process and lets it go on as it was.
var Command = &base.Command{
	Name:      "attach",
	UsageLine: "attach [flags] PID",
	Short:     "look at a process, leave it as found",
	Long: `Stops each thread of a process for a moment, looks at its registers and
the system call that it is in, and lets it go on as it was.

ptwalk attach alone runs lesson 5.
`,
	Run: run,
}

func run(cmd *base.Command, args []string) int {
	var f cli.Flags
	fs := base.NewFlags()
	f.Register(fs)
	var named []string
	fs.Func("p", "the process, as strace and gdb take it: -p `pid`", func(pid string) error { named = append(named, pid); return nil })
	operands, err := cli.ParseMixed(fs, args)
	if err == nil {
		err = f.Check()
	}
	pid := 0
	if err == nil {
		pid, err = onePID(append(operands, named...))
	}
	if status, done := cmd.Done(fs, err); done {
		return status
	}
	if err := cli.Supported(); err != nil {
		return cli.Report(err)
	}
	trace := cli.Trace{Name: "attach", Title: strconv.Itoa(pid)}
	return trace.Run(f, f.Printer(), func(s *stage.Stage) int {
		look(s, pid, time.Second)
		return exit.Done
	})
}

func onePID(operands []string) (int, error) {
	switch len(operands) {
	case 0:
		return 0, errors.New("no process is named")
	case 1:
		return program.ParsePID(operands[0])
	}
	return 0, fmt.Errorf("attach takes one process, and %q is one too many", operands[1])
}
