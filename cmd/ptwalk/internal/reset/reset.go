// Package reset forgets the learner's progress.
package reset

import (
	"fmt"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons/stage/cli"
)

// Command forgets which lessons were finished.
var Command = &base.Command{
	Name:      "reset",
	UsageLine: "reset",
	Short:     "forget which lessons were finished",
	Long:      "Forgets which lessons were finished and which predictions were right.\n",
	Run:       run,
}

func run(cmd *base.Command, args []string) int {
	if status, done := cmd.Plain(args); done {
		return status
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
