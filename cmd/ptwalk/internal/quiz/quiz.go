// Package quiz prints the questions of lessons as a quiz.
package quiz

import (
	"fmt"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/suggest"
	"ptwalk/lessons"
	"ptwalk/lessons/quiz"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage/cli"
)

// Command prints a quiz, for paper or for a learning platform.
var Command = &base.Command{
	Name:      "quiz",
	UsageLine: "quiz [flags] [LESSON...]",
	Detail:    "quiz [--format text|gift|moodle] [LESSON...]",
	Short:     "the questions of lessons, with a key",
	Long: `Prints the questions of lessons, or of all: those that the lessons ask before a
run answers them, each with the right answer and a sentence for each wrong one.
They come from the recordings that ptwalk carries.

  text    a sheet of paper; the key is at its end
  gift    the GIFT format of Moodle, which other platforms read too
  moodle  Moodle XML
`,
	Run: run,
}

func run(cmd *base.Command, args []string) int {
	var f cli.Flags
	format := "text"
	fs := base.NewFlags()
	f.RegisterReading(fs)
	fs.StringVar(&format, "format", format, "the `format`: text, gift or moodle")
	words, err := cli.ParseMixed(fs, args)
	if err == nil && format != "text" && format != "gift" && format != "moodle" {
		err = fmt.Errorf("there are the formats text, gift and moodle, not %q", format)
	}
	if len(words) == 0 {
		words = []string{"all"}
	}
	chosen, wrong := suggest.Lessons(words)
	if err == nil {
		err = wrong
	}
	if status, done := cmd.Done(fs, err); done {
		return status
	}
	var questions []quiz.Question
	for _, l := range chosen {
		rec, err := replay.Embedded(lessons.ID(l))
		if err != nil {
			return cli.Report(err)
		}
		questions = append(questions, quiz.Of(l, rec.Events)...)
	}
	switch format {
	case "gift":
		return cli.Print(quiz.GIFT(questions))
	case "moodle":
		text, err := quiz.Moodle(questions)
		if err != nil {
			return cli.Report(err)
		}
		return cli.Print(text)
	}
	return cli.Print(quiz.Sheet(questions, f.Accessible))
}
