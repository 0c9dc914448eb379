// Command 08-breakpoints runs lesson 8 alone. It takes the flags of ptwalk 8.
package main

import (
	"os"

	"ptwalk/lessons"
	breakpoints "ptwalk/lessons/08-breakpoints"
	"ptwalk/lessons/stage/cli"
)

func main() { os.Exit(cli.Main(&breakpoints.Lesson, lessons.Beside, os.Args[1:])) }
