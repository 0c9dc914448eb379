// Command 09-watchpoints runs lesson 9 alone. It takes the flags of ptwalk 9.
package main

import (
	"os"

	"ptwalk/lessons"
	watchpoints "ptwalk/lessons/09-watchpoints"
	"ptwalk/lessons/stage/cli"
)

func main() { os.Exit(cli.Main(&watchpoints.Lesson, lessons.Beside, os.Args[1:])) }
