// Command ptwalk walks through ptrace(2) in five lessons, and traces programs
// with the same tracer.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"ptwalk/lessons"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/supervise/quit"
	"ptwalk/tracer/doctor"
)

// command is a subcommand. Help, completions and the manual page are made from
// this table.
type command struct {
	name  string
	usage string // after "ptwalk "
	short string // one line
	run   func(args []string) int
}

var commands []command

func init() {
	commands = []command{
		{"step", "step [flags] [--] PROG [ARGS]", "step a program, a row an instruction", stepMain},
		{"count", "count [flags] [--] PROG [ARGS]", "count the instructions of any program", countMain},
		{"attach", "attach [flags] PID", "look at a process, leave it as found", attachMain},
		{"doctor", doctorUsage[len("ptwalk "):], "what this machine allows, and why not", doctorMain},
		{"site", "site DIR", "write the walk as pages for a browser", siteMain},
		{"explain", "explain [KIND] WORD [flags]", "what a word of ptrace(2) means", explainMain},
		{"present", "present LESSON... [flags]", "stop before each request, for a talk", presentMain},
		{"replay", "replay FILE|LESSON [flags]", "show a recording; needs no ptrace", replayMain},
		{"handout", "handout LESSON", "a printable page, with solutions", handoutMain},
		{"reset", "reset", "forget which lessons were finished", resetMain},
		{"version", "version", "print the version", versionMain},
		{"completion", "completion bash|zsh|fish", "print a completion script", completionMain},
		{"man", "man", "print the manual page", manMain},
	}
}

const lessonUsage = "ptwalk LESSON... [flags]; ptwalk alone lists the lessons"

func main() { os.Exit(run(os.Args[1:])) }

// run dispatches: a command with operands, or else lessons. count and attach
// alone are lessons 4 and 5.
func run(args []string) int {
	quit.Exit()
	c := commandOf(args)
	if problem := tooFewFiles(failureOf(c)); problem != nil {
		return problem.report()
	}
	if len(args) == 0 {
		return cli.Print(overview())
	}
	if args[0] == doctorHelper {
		return doctor.Help(args[1:])
	}
	if args[0] == "help" || args[0] == "-h" || args[0] == "-help" || args[0] == "--help" {
		return cli.Print(help())
	}
	if c != nil {
		return c.run(args[1:])
	}
	return lessonMain(args)
}

// commandOf is the command that args name, or nil where they name lessons.
func commandOf(args []string) *command {
	if len(args) == 0 {
		return nil
	}
	i := slices.IndexFunc(commands, func(c command) bool { return c.name == args[0] })
	if i < 0 {
		return nil
	}
	if _, both := lessons.Find(args[0]); both && !hasOperand(args[1:]) {
		return nil
	}
	return &commands[i]
}

// failureOf is the exit status of a failure of ours: the commands that run
// somebody's program have one of their own.
func failureOf(c *command) int {
	if c != nil && (c.name == "step" || c.name == "count") {
		return exitOurs
	}
	return exit.Failed
}

// hasOperand says whether anything but flags of a lesson follows.
func hasOperand(args []string) bool {
	_, operands, _, err := lessonFlags(args)
	return err != nil || len(operands) > 0
}

func lessonFlags(args []string) (f cli.Flags, operands []string, fs *flag.FlagSet, err error) {
	f.Beside = lessons.Beside
	fs = flag.NewFlagSet("ptwalk", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	f.Register(fs)
	operands, err = cli.ParseMixed(fs, args)
	return f, operands, fs, err
}

func lessonMain(args []string) int {
	f, words, _, err := lessonFlags(args)
	if behind := commandBehind(args, words, err); behind != nil {
		err = behind
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) && !isLesson(args[0]) && !strings.HasPrefix(args[0], "-") {
		err = noLessonOrCommand(args[0]) // the flags may be those of the command that is meant
	}
	return runLessons(&f, words, err, help(), lessonUsage)
}

// runLessons runs the lessons that words name, unless the command line asks for
// help or is wrong.
func runLessons(f *cli.Flags, words []string, err error, help, usage string) int {
	if errors.Is(err, flag.ErrHelp) {
		return cli.Print(help)
	}
	if err == nil {
		err = f.Check()
	}
	var chosen []*stage.Lesson
	for _, word := range words {
		if word == "all" {
			chosen = append(chosen, lessons.All...)
			continue
		}
		l, ok := lessons.Find(word)
		if !ok && err == nil {
			err = noLessonOrCommand(word)
		}
		chosen = append(chosen, l)
	}
	if err == nil && len(chosen) == 0 {
		err = errors.New("no lesson is named")
	}
	if err != nil {
		return cli.Usage(err, usage)
	}
	return cli.Show(chosen, *f)
}

// overview is the list of lessons and how to start.
func overview() string {
	var out strings.Builder
	fmt.Fprintln(&out, "ptwalk: ptrace(2) in five lessons, on your own kernel")
	fmt.Fprintln(&out)
	progress := cli.LoadProgress()
	next := 0
	row, foot := "  %d  %-11s %s\n", inColumns
	if cli.Accessible() {
		row, foot = "  %d, %s: %s\n", inSentences
	}
	for _, l := range lessons.All {
		done := progress[l.Name]
		fmt.Fprintf(&out, row, l.Number, l.Name, cmp.Or(doneSoFar(done), l.Title))
		if next == 0 && (done == nil || !done.Finished) {
			next = l.Number
		}
	}
	fmt.Fprintf(&out, foot, max(next, 1))
	return out.String()
}

// How to start, for eyes and for ears.
const (
	inColumns = `
Start:  ptwalk %d        one lesson
        ptwalk all      all of them, in order
Tools:  ptwalk step, count, attach, doctor, explain       Help:  ptwalk help
`
	inSentences = `
Start with one lesson: ptwalk %d
All of them, in order: ptwalk all
Tools: ptwalk step, count, attach, doctor, explain
Help: ptwalk help
`
)

// doneSoFar is what the progress says of one lesson, "" if nothing.
func doneSoFar(l *cli.LessonProgress) string {
	if l == nil {
		return ""
	}
	var parts []string
	if l.Finished {
		parts = append(parts, "finished")
	}
	if right, answered := l.Predictions(); answered > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d predictions right", right, answered))
	}
	return strings.Join(parts, ", ")
}

func resetMain(args []string) int {
	switch {
	case isHelp(args):
		return cli.Print("ptwalk reset\n\nForgets which lessons were finished and which predictions were right.\n")
	case len(args) > 0:
		return cli.Usage(fmt.Errorf("reset takes no operand, and %q is one", args[0]), "ptwalk reset")
	}
	was, err := cli.ForgetProgress()
	switch {
	case err != nil:
		return cli.Report(fmt.Errorf("the progress cannot be forgotten: %w", err))
	case !was:
		return cli.Print("There is no progress to forget.\n")
	}
	return cli.Print("The progress is forgotten.\n")
}

func help() string {
	var out strings.Builder
	out.WriteString(overview())
	out.WriteString("\nCommands:\n")
	row := "  ptwalk %-31s %s\n"
	if cli.Accessible() {
		row = "  ptwalk %s: %s\n"
	}
	for _, line := range usageTable() {
		fmt.Fprintf(&out, row, line.usage, line.short)
	}
	var f cli.Flags
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	f.Register(fs)
	out.WriteString("\nptwalk count alone runs lesson 4, ptwalk attach alone runs lesson 5.\n")
	out.WriteString("\nFlags of a lesson:\n" + cli.FlagHelp(fs))
	out.WriteString("\nptwalk COMMAND -h shows the flags of a command.\n")
	return out.String()
}

// usageTable is every way to call ptwalk, the lessons first.
func usageTable() []command {
	return append([]command{{"", "LESSON... [flags]", "run lessons: 1, 01, traceme, all", nil}}, commands...)
}

func versionMain(args []string) int {
	if len(args) > 0 && !isHelp(args) {
		return cli.Usage(fmt.Errorf("version takes no operand, and %q is one", args[0]), "ptwalk version")
	}
	return cli.Print("ptwalk " + cli.Version() + "\n")
}

func isHelp(args []string) bool {
	return len(args) > 0 && (args[0] == "-h" || args[0] == "-help" || args[0] == "--help")
}
