// Package present presents lessons: it stops before each request.
package present

import (
	"errors"
	"flag"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/lesson"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/present"
)

// Command is lessons with --present.
func Command(commands base.Table) *base.Command {
	return &base.Command{
		Name:      "present",
		UsageLine: "present LESSON... [flags]",
		Short:     "stop before each request, for a talk",
		Long: `Runs a lesson for a talk. It stops before each request and shows the C line
with its result still open. The keys:

`,
		Run: func(cmd *base.Command, args []string) int {
			f, words, fs, err := lesson.Parse(args)
			if errors.Is(err, flag.ErrHelp) {
				return cli.Print(cmd.Help(nil) + present.KeyHelp("  ", f.Accessible) + "\nFlags:\n" + cli.FlagHelp(fs))
			}
			f.Present = true
			return lesson.Run(cmd, f, words, err, commands)
		},
	}
}
