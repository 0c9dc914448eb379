package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"ptwalk/lessons"
	"ptwalk/lessons/handout"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage/cli"
)

const handoutUsage = "ptwalk handout LESSON"

const handoutHelp = handoutUsage + `

Prints a page for learners, in Markdown: the requests that the lesson makes, its
status words and tables to fill in, and its questions. The solutions follow on a
page of their own. Both come from the recording that ptwalk carries.
`

// handoutMain prints the handout of a lesson.
func handoutMain(args []string) int {
	fs := flag.NewFlagSet("handout", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	var f cli.Flags
	f.RegisterReading(fs)
	operands, err := cli.ParseMixed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return cli.Print(handoutHelp + "\n" + cli.FlagHelp(fs))
	}
	if err == nil && len(operands) != 1 {
		err = fmt.Errorf("handout takes one lesson, and %d are named", len(operands))
	}
	if err != nil {
		return cli.Usage(err, handoutUsage)
	}
	l, ok := lessons.Find(operands[0])
	if !ok {
		return cli.Usage(noLesson(operands[0]), handoutUsage)
	}
	rec, err := replay.Embedded(lessons.ID(l))
	if err != nil {
		return cli.Report(err)
	}
	page := handout.Of(l, rec.Events)
	page.Accessible = f.Accessible
	return cli.Print(page.Markdown())
}
