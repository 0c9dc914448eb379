// Package handout prints a page for the learners of a lesson.
package handout

import (
	"errors"
	"fmt"
	"strings"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/suggest"
	"ptwalk/lessons"
	"ptwalk/lessons/handout"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
)

// Command prints the handouts of a lesson, or of all.
var Command = &base.Command{
	Name:      "handout",
	UsageLine: "handout [--lab] LESSON|all",
	Short:     "a printable page, with solutions",
	Long: `Prints a page for learners, in Markdown: the goal of the lesson, the requests
that it makes, its status words and tables to fill in, its questions, and an
exercise. The solutions follow on a page of their own. all is every lesson in
order.

With --lab it is a sheet for the lab: all that the chapter has to try, and no
solutions. The chapter has them: in docs of a checkout, or by ptwalk site DIR.
`,
	Run: run,
}

func run(cmd *base.Command, args []string) int {
	var f cli.Flags
	var lab bool
	fs := base.NewFlags()
	f.RegisterReading(fs)
	fs.BoolVar(&lab, "lab", false, "a sheet for the lab, without solutions")
	operands, err := cli.ParseMixed(fs, args)
	var chosen []*stage.Lesson
	switch {
	case err != nil:
	case len(operands) == 0:
		err = errors.New("no lesson is named")
	case len(operands) > 1:
		err = fmt.Errorf("handout takes one lesson or all, and %d are named", len(operands))
	default:
		chosen, err = suggest.Lessons(operands)
	}
	if status, done := cmd.Done(fs, err); done {
		return status
	}
	var pages []string
	for _, l := range chosen {
		rec, err := replay.Embedded(lessons.ID(l))
		if err != nil {
			return cli.Report(err)
		}
		page := handout.Of(l, rec.Events)
		page.Accessible = f.Accessible
		if lab {
			pages = append(pages, page.Lab())
		} else {
			pages = append(pages, page.Markdown())
		}
	}
	return cli.Print(strings.Join(pages, "\n"+handout.Break+"\n\n"))
}
