// Package lesson runs lessons: what ptwalk does where no command is named.
package lesson

import (
	"cmp"
	"errors"
	"flag"
	"fmt"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/help"
	"ptwalk/cmd/ptwalk/internal/suggest"
	"ptwalk/lessons"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
)

// Command runs the lessons that the operands name.
func Command(commands base.Table) *base.Command {
	return &base.Command{
		UsageLine: "LESSON... [flags]",
		Detail:    "LESSON... [flags]; ptwalk alone lists the lessons",
		Short:     "run lessons: 1, traceme, 1-3, 3.2, all",
		Run: func(cmd *base.Command, args []string) int {
			f, words, fs, err := Parse(args)
			if l, is := lessons.Find(args[0]); is && errors.Is(err, flag.ErrHelp) {
				return cli.Print(cli.LessonHelp(fmt.Sprintf("ptwalk %d", l.Number), l, fs))
			}
			if err = suggest.Mend(args, words, err, commands); errors.Is(err, flag.ErrHelp) {
				return cli.Print(help.Text(commands))
			}
			return Run(cmd, f, words, err, commands)
		},
	}
}

// Means says whether arguments that follow a word mean the lesson of that name,
// where it is a command too: no operand is among them.
func Means(args []string) bool {
	_, operands, _, err := Parse(args)
	return err == nil && len(operands) == 0
}

// Parse reads the flags of lessons, which fs describes, and the words beside them.
func Parse(args []string) (f cli.Flags, words []string, fs *flag.FlagSet, err error) {
	f.Beside = lessons.Beside
	fs = base.NewFlags()
	f.Register(fs)
	words, err = cli.ParseMixed(fs, args)
	return f, words, fs, err
}

// Run runs the lessons that words name, for the command whose line Parse has read; err
// is what is wrong with that line.
func Run(cmd *base.Command, f cli.Flags, words []string, err error, commands base.Table) int {
	if err == nil {
		err = f.Check()
	}
	var chosen []*stage.Lesson
	for _, word := range words {
		some, wrong := lessons.Choose(word)
		if len(some) == 0 && wrong == nil {
			wrong = suggest.NoLessonOrCommand(word, commands)
		}
		err = cmp.Or(err, wrong)
		chosen = append(chosen, some...)
	}
	if err == nil && len(chosen) == 0 {
		err = errors.New("no lesson is named")
	}
	if err != nil {
		return cli.Usage(err, cmd.Usage())
	}
	return cli.Show(chosen, f)
}
