// Package version prints the version of this build.
package version

import (
	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons/stage/cli"
)

// Command prints the version.
var Command = &base.Command{
	Name:      "version",
	UsageLine: "version",
	Short:     "print the version",
	Run: func(cmd *base.Command, args []string) int {
		if err := cmd.NoOperand(args); err != nil && !base.IsHelp(args) {
			return cli.Usage(err, cmd.Usage())
		}
		return cli.Print("ptwalk " + cli.Version() + "\n")
	},
}
