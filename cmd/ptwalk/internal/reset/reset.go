// Package reset forgets the learner's progress.
package reset

import (
	"fmt"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons/stage"
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
	was, err := stage.ForgetProgress()
	switch {
	case err != nil:
		return stage.Report(fmt.Errorf("the progress cannot be forgotten: %w", err))
	case !was:
		return stage.Print("There is no progress to forget.\n")
	}
	return stage.Print("The progress is forgotten.\n")
}
