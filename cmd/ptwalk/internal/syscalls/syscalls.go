// Package syscalls prints the system calls of any program, one line each.
package syscalls

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/program"
	"ptwalk/lessons/stage/cli"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/syscalls/decode"
)

// Command prints the system calls of a program that it starts, and ends with the
// program's own exit status; or those of a process that runs already.
var Command = &base.Command{
	Name:      "syscalls",
	UsageLine: "syscalls [flags] PROG [ARGS]",
	Detail:    "syscalls [flags] [--] PROG [ARGS]; syscalls [flags] -p PID",
	Short:     "a line for each system call, as strace",
	Long: `Prints a line for each system call that PROG makes, as strace(1) does: the
name, the arguments, the result; and between them its signals and its end. PROG
keeps its standard input, output and error; the lines go to standard error.

What an argument means is told for the calls that people meet; other words stay
in hexadecimal. PROG's first execve was made on our side: of its environment
only the number of variables is known.

With -p the threads of a process are looked at that runs already. Nothing is
changed in it. Ctrl-C lets it go, and so does the end of ptwalk, whatever
brings that about. A call in which a thread waits is begun again when we come,
and those that signal(7) names as never restarted return EINTR. Ctrl-Z does
nothing here: a tracer that is stopped would hold the process. When what reads
our lines is slow, lines are left out and counted, and the process does not
wait.

Exit status: that of PROG, or 128+n if signal n killed it; 124 after --timeout;
125 if ptwalk or ptrace failed; 126 if PROG cannot be run; 127 if it is not
found; 2 if the command line is wrong. With -p: 0 at the end of the process or
after --limit, 130 after Ctrl-C, 3 if the process is refused, 4 if there is
none.
`,
	Failed: program.ExitFailed,
	Run:    run,
}

type flags struct {
	pid     int
	follow  bool
	only    map[string]bool // of -e; nil is every call
	counts  bool
	bytes   int
	limit   uint64
	json    bool
	timeout time.Duration
	out     string
	reading cli.Flags // accessible and ascii
}

func (f *flags) register(fs *flag.FlagSet) {
	fs.Func("p", "the system calls of the process `pid`, which runs already", func(word string) (err error) {
		if f.pid != 0 {
			return errors.New("-p takes one process")
		}
		f.pid, err = program.ParsePID(word)
		return err
	})
	fs.BoolVar(&f.follow, "f", false, "those of children and new threads too; each line begins with the tid")
	fs.Func("e", "only these calls: `name`,...", f.choose)
	fs.BoolVar(&f.counts, "c", false, "a table of how often each was made, and has failed, in place of the lines")
	fs.IntVar(&f.bytes, "s", decode.DefaultStrings, "show `n` bytes of a string")
	fs.Uint64Var(&f.limit, "limit", 0, "let go after `n` calls; PROG runs on (default: 0, no limit)")
	fs.BoolVar(&f.json, "json", false, "one JSON object for each event (docs/events.md)")
	fs.DurationVar(&f.timeout, "timeout", 0, "end PROG, or let go, after this `duration`: 10s, 2m")
	fs.StringVar(&f.out, "o", "", "write the lines to `file`")
	f.reading.RegisterReading(fs)
}

// choose reads the names of -e. strace has trace= before them.
func (f *flags) choose(list string) error {
	if f.only == nil {
		f.only = map[string]bool{}
	}
	for name := range strings.SplitSeq(strings.TrimPrefix(list, "trace="), ",") {
		_, known := names.SyscallNumber(tracer.X8664, name)
		_, known32 := names.SyscallNumber(tracer.I386, name)
		if !known && !known32 {
			text := fmt.Sprintf("there is no system call %q", name)
			if near := names.Nearest(name, names.SyscallNames()); near != "" {
				text += fmt.Sprintf("; did you mean %q?", near)
			}
			return errors.New(text)
		}
		f.only[name] = true
	}
	return nil
}

// check says what is wrong with the flags and operands.
func (f *flags) check(operands []string) error {
	switch {
	case f.timeout < 0:
		return program.ErrNegativeTimeout
	case f.bytes < 0:
		return errors.New("-s is a number of bytes, 0 or more")
	case f.pid != 0 && len(operands) > 0:
		return fmt.Errorf("either a process is named or a program: -p %d, or %q", f.pid, operands[0])
	case f.pid == 0 && len(operands) == 0:
		return errors.New("no program is named")
	}
	return nil
}

func run(cmd *base.Command, args []string) int {
	var f flags
	fs := base.NewFlags()
	f.register(fs)
	err := fs.Parse(args)
	if err == nil {
		err = f.check(fs.Args())
	}
	if status, done := cmd.Done(fs, err); done {
		return status
	}
	if f.pid != 0 {
		return f.attach()
	}
	path, p := program.LookPath(fs.Arg(0))
	if p != nil {
		if name := fs.Arg(0); p.Exit == program.ExitNotFound && program.IsPID(name) {
			p.Text = fmt.Sprintf("%q is not found in PATH; for process %s: ptwalk syscalls -p %s", name, name, name)
		}
		return p.Report()
	}
	program.WarnPrivileges(path)
	program.InheritIgnoredSignals()
	return f.start(path, fs.Args())
}

// output is where the lines go.
func (f *flags) output() (*os.File, error) {
	if f.out == "" {
		return os.Stderr, nil
	}
	return os.Create(f.out)
}
