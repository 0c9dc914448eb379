// Package doctor says what this machine allows a tracer to do.
package doctor

import (
	"context"
	"os"
	"syscall"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/suggest"
	"ptwalk/lessons"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/exit"
	"ptwalk/tracer/doctor"
)

// Command probes this machine and says what works, what does not, and why.
var Command = &base.Command{
	Name:      "doctor",
	UsageLine: "doctor [--json] [--for LESSON]",
	Short:     "what this machine allows, and why not",
	Long: `Probes what this machine allows a tracer to do, and says what works, what does
not, and why. Exit status 3: no lesson can run.
`,
	Run: run,
}

// Helper is the word by which the doctor starts ptwalk once more, to ask from
// another process. It is no command for people.
const Helper = "doctor-helper"

// Help does what the other process is asked to do.
func Help(args []string) int { return doctor.Help(args) }

func run(cmd *base.Command, args []string) int {
	var f cli.Flags
	var word string
	one := false
	fs := base.NewFlags()
	f.RegisterLook(fs)
	fs.Func("for", "judge for one `lesson` alone: exit 0 if it can run, else 3", func(s string) error { word, one = s, true; return nil })
	operands, err := cli.ParseMixed(fs, args)
	if err == nil {
		err = cmd.NoOperand(operands)
	}
	if err == nil {
		err = f.Check()
	}
	var lesson *stage.Lesson
	if err == nil && one {
		var ok bool
		if lesson, ok = lessons.Find(word); !ok {
			err = suggest.NoLesson(word)
		}
	}
	if status, done := cmd.Done(fs, err); done {
		return status
	}
	if err := cli.Supported(); err != nil {
		return cli.Report(err)
	}
	report, ended := examine(lesson)
	if ended != 0 {
		return 128 + int(ended)
	}
	if status := printReport(f, &report, lesson); status != exit.Done {
		return status
	}
	if !report.OK && (lesson != nil || report.None()) {
		return exit.Refused
	}
	return exit.Done
}

// examine probes, until a signal says stop.
func examine(lesson *stage.Lesson) (report doctor.Report, ended syscall.Signal) {
	opt := doctor.Options{Helper: []string{os.Args[0], Helper}, Required: lessons.Needs()}
	if lesson != nil {
		opt.Required = []doctor.Requirement{lessons.NeedsOf(lesson)}
	}
	ended, _ = base.UntilSignal(func(ctx context.Context) error {
		report = doctor.Examine(ctx, opt)
		return nil
	})
	return report, ended
}

func printReport(f cli.Flags, r *doctor.Report, lesson *stage.Lesson) int {
	if f.JSON {
		return cli.Report(r.WriteJSON(os.Stdout))
	}
	return cli.Tool(f, 0, f.Printer(), func(s *stage.Stage) { tellReport(s, r, lesson) })
}
