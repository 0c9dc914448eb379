package main

import (
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/present"
)

const presentUsage = "ptwalk present LESSON... [flags]"

const presentHelp = presentUsage + `

Runs a lesson for a talk. It stops before each request and shows the C line
with its result still open. The keys:

`

// presentMain is lessons with --present.
func presentMain(args []string) int {
	f, words, fs, err := lessonFlags(args)
	f.Present = true
	return runLessons(&f, words, err, presentHelp+present.KeyHelp("  ", f.Accessible)+"\nFlags:\n"+cli.FlagHelp(fs), presentUsage)
}
