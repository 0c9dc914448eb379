// Command 01-traceme runs lesson 1 alone. It takes the flags of ptwalk 1.
package main

import (
	"os"

	"ptwalk/lessons"
	traceme "ptwalk/lessons/01-traceme"
	"ptwalk/lessons/stage/cli"
)

func main() { os.Exit(cli.Main(&traceme.Lesson, lessons.Beside, os.Args[1:])) }
