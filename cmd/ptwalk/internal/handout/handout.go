// Package handout prints a page for the learners of a lesson.
package handout

import (
	"fmt"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/suggest"
	"ptwalk/lessons"
	"ptwalk/lessons/handout"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
)

// Command prints the handout of a lesson.
var Command = &base.Command{
	Name:      "handout",
	UsageLine: "handout LESSON",
	Short:     "a printable page, with solutions",
	Long: `Prints a page for learners, in Markdown: the requests that the lesson makes, its
status words and tables to fill in, and its questions. The solutions follow on a
page of their own. Both come from the recording that ptwalk carries.
`,
	Run: run,
}

func run(cmd *base.Command, args []string) int {
	var f cli.Flags
	fs := base.NewFlags()
	f.RegisterReading(fs)
	operands, err := cli.ParseMixed(fs, args)
	var lesson *stage.Lesson
	switch {
	case err != nil:
	case len(operands) != 1:
		err = fmt.Errorf("handout takes one lesson, and %d are named", len(operands))
	default:
		var ok bool
		if lesson, ok = lessons.Find(operands[0]); !ok {
			err = suggest.NoLesson(operands[0])
		}
	}
	if status, done := cmd.Done(fs, err); done {
		return status
	}
	rec, err := replay.Embedded(lessons.ID(lesson))
	if err != nil {
		return cli.Report(err)
	}
	page := handout.Of(lesson, rec.Events)
	page.Accessible = f.Accessible
	return cli.Print(page.Markdown())
}
