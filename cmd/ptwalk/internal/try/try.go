// Package try is a prompt where each command is one raw request of ptrace(2), made on
// a program that is stopped.
package try

import (
	"errors"
	"os"

	"golang.org/x/term"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/program"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/exit"
)

// Command makes raw requests, as they are typed.
var Command = &base.Command{
	Name:      "try",
	UsageLine: "try [flags] [--] [PROG [ARGS]]",
	Short:     "a program, one request at a time",
	Long: `Starts PROG, or a bundled program of seven instructions, and stops it. Each line
that is typed is one request of ptrace(2), in any case, with or without PTRACE_:

    PEEKUSER 8*ORIG_RAX             GETREGS rip rsp
    POKEDATA 0x402000 0x21          SINGLESTEP
    SETOPTIONS TRACEEXEC|EXITKILL   CONT SIGUSR1

The line of C with its result comes back. A request that restarts the program waits
for its next stop, and draws the wait status. help, explain WORD, start [PROG] and
quit are the other commands. Tab completes, the arrow keys find earlier lines. In a
pipe the lines are a script; # begins a comment.

A refusal of the kernel is an answer, and explained. The exit status is 0; it is 1
if a line of a script cannot be understood.
`,
	Failed: exit.Failed,
	Run:    run,
}

type flags struct {
	cli.Flags
	script string
}

func run(cmd *base.Command, args []string) int {
	var f flags
	fs := base.NewFlags()
	f.Register(fs)
	fs.StringVar(&f.script, "script", "", "read the requests from `file`; PROG keeps standard input")
	program.RefusePID(fs)
	err := fs.Parse(args)
	if err == nil {
		err = f.Check()
	}
	if err == nil && f.Present {
		err = errors.New("try takes no --present")
	}
	if status, done := cmd.Done(fs, err); done {
		return status
	}
	if err := cli.Supported(); err != nil {
		return cli.Report(err)
	}
	printer := f.Printer()
	se := &session{argv: fs.Args(), told: f.JSON || f.Markdown, width: f.Columns, printer: printer}
	if problem := se.find(); problem != nil {
		return problem.Report()
	}
	switch terminal := term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd())); {
	case f.script != "":
		file, err := os.Open(f.script)
		if err != nil {
			return (&program.Problem{Text: err.Error(), Exit: exit.Missing}).Report()
		}
		defer file.Close()
		se.input, se.stdin = newScript(file), os.Stdin
	case terminal:
		se.terminal, se.stdin = true, os.Stdin
	default:
		null, err := os.Open(os.DevNull)
		if err != nil {
			return cli.Report(err)
		}
		defer null.Close()
		se.input, se.stdin = newScript(os.Stdin), null
	}
	status := cli.Trace{Name: "try", Title: base.CommandLine(se.argv)}.Run(f.Flags, printer, func(s *stage.Stage) int {
		se.s = s
		return se.run()
	})
	if se.problem != nil {
		return se.problem.Report()
	}
	return status
}
