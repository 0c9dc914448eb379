// Package count counts the instructions of any program.
package count

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/program"
	"ptwalk/lessons/stage/cli"
	"ptwalk/tracer"
	"ptwalk/tracer/count"
)

// Command counts the instructions of a program. It ends with the program's own
// exit status, as env(1) does.
var Command = &base.Command{
	Name:      "count",
	UsageLine: "count [flags] [--] PROG [ARGS]",
	Short:     "count the instructions of any program",
	Long: `Counts the instructions that PROG executes, exactly: each that is followed by a
stop of the kernel, and the exit of each thread. So an instruction with rep
counts once for each turn; and the one behind mov ss or pop ss does not count,
because the processor lets no stop come after it. The same may hold for sgdt and
its kind, and on a virtual machine for cpuid. PROG keeps its standard input,
output and error; the report goes to standard error.

ptwalk count alone runs lesson 4.

--engine=block lets PROG run to the end of each piece of straight code, and
steps where that would not be exact; auto means block. --engine=step steps each
instruction. Take it for a program that reads its own code, which finds
breakpoints there by blocks. --engine=both runs PROG twice, first by steps, and
fails if the counts differ; what PROG prints comes twice. The report says how
many instructions were stepped, in --json as "stepped".

--object NAME shows the functions of one file alone, libc.so.6 or PROG itself,
with their shares of what was executed in it.

While PROG runs, a line on the terminal says how far it has come. auto leaves it
out where PROG has the terminal: as its standard output, or because it has
changed the terminal's modes.

A Go program is counted in less time with GODEBUG=asyncpreemptoff=1: else its
runtime interrupts each thread that has run for 10 ms, as here each has.

Exit status: that of PROG, or 128+n if signal n killed it; 0 after --limit;
124 after --timeout; 125 if ptwalk or ptrace failed; 126 if PROG cannot be
run; 127 if it is not found; 2 if the command line is wrong.
`,
	Failed: program.ExitFailed,
	Run:    run,
}

func run(cmd *base.Command, args []string) int {
	var f flags
	fs := base.NewFlags()
	f.register(fs)
	program.RefusePID(fs)
	err := fs.Parse(args)
	if err == nil {
		err = f.check(fs.NArg())
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
	out := os.Stderr
	if f.out != "" {
		if out, err = os.Create(f.out); err != nil {
			return failed(err.Error())
		}
		defer out.Close()
	}
	return f.count(path, fs.Args(), out)
}

// failed reports a failure of ours.
func failed(text string) int {
	return (&program.Problem{Text: text, Exit: program.ExitFailed}).Report()
}

type flags struct {
	engine       string
	follow       bool
	limit        uint64
	top          int
	object       string
	progress     string
	json, folded bool
	timeout      time.Duration
	out          string
	reading      cli.Flags // accessible and ascii
}

func (f *flags) register(fs *flag.FlagSet) {
	fs.StringVar(&f.engine, "engine", "auto", "`how` to count: auto, step, block or both")
	fs.BoolVar(&f.follow, "f", false, "count threads and children too")
	fs.Uint64Var(&f.limit, "limit", 0, "end PROG after `n` instructions (default: 0, no limit)")
	fs.IntVar(&f.top, "top", 10, "show the `n` functions that count most")
	fs.StringVar(&f.object, "object", "", "show the functions of the file `name` alone")
	fs.StringVar(&f.progress, "progress", "auto", "`when` to show how far it has come: auto, always or never")
	fs.BoolVar(&f.json, "json", false, "the report as one JSON object")
	fs.BoolVar(&f.folded, "folded", false, "the report as folded stacks, for a flame graph")
	fs.DurationVar(&f.timeout, "timeout", 0, "end PROG after this `duration`: 10s, 2m")
	fs.StringVar(&f.out, "o", "", "write the report to `file`")
	f.reading.RegisterReading(fs)
}

// check says what is wrong with the flags and operands.
func (f *flags) check(operands int) error {
	switch {
	case engines[f.engine] == nil:
		return fmt.Errorf("--engine is auto, step, block or both, not %q", f.engine)
	case !slices.Contains(progressModes, f.progress):
		return fmt.Errorf("--progress is auto, always or never, not %q", f.progress)
	case f.json && f.folded:
		return errors.New("--json and --folded exclude each other")
	case f.top < 0:
		return errors.New("--top is a number of functions, 0 or more")
	case f.timeout < 0:
		return program.ErrNegativeTimeout
	case operands == 0:
		return errors.New("no program is named")
	}
	return nil
}

// count counts and writes the report.
func (f *flags) count(path string, argv []string, out *os.File) int {
	asked := program.ListenToEnds()
	around := program.Prepare()
	progress := newProgress(f.progress)
	res, err := runAll(engines[f.engine], count.Config{
		Command: tracer.Command{
			Path: path, Argv: argv, Env: os.Environ(),
			Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
		},
		Follow: f.follow, Limit: f.limit, Timeout: f.timeout, Histogram: true, Family: around.Family,
		Started:  func() { program.ReleaseFiles(os.Stdin, os.Stdout) },
		Progress: progress.show, Signals: asked.Signals,
	})
	progress.erase()
	tellSignal(asked.First(), &res)
	around.End(res.Partial || err != nil)
	if err != nil && res.Stops == 0 && !errors.Is(err, count.ErrUnseen) {
		return program.StartProblem(path, err).Report()
	}
	exit := status(res)
	if err != nil {
		text := err.Error()
		if engine := (*count.EngineError)(nil); errors.As(err, &engine) {
			text += "; --engine=step can count it"
		}
		exit = failed(text)
	}
	var report bytes.Buffer
	switch {
	case f.json:
		writeJSON(f.reading.JSONTo(&report), of(f.object, res), exit)
	case f.folded:
		writeFolded(&report, of(f.object, res))
	default:
		writeText(&report, res, layout{f.top, f.object, f.reading.Accessible})
	}
	if _, err := out.Write(report.Bytes()); err != nil {
		return failed("cannot write the report: " + err.Error())
	}
	return exit
}

// status is the exit status that a count ends with.
func status(res count.Result) int {
	switch res.Why {
	case count.Limit:
		return 0
	case count.Timeout:
		return program.ExitTimeout
	case count.Interrupted:
		return 128 + int(res.Signal)
	case count.NoProgress:
		return program.ExitFailed
	}
	if res.End.Kind == tracer.Killed {
		return 128 + int(res.End.Signal)
	}
	return res.End.ExitCode
}
