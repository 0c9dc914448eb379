// Command 03-singlestep runs lesson 3 alone. It takes the flags of ptwalk 3.
package main

import (
	"os"

	"ptwalk/lessons"
	singlestep "ptwalk/lessons/03-singlestep"
	"ptwalk/lessons/stage/cli"
)

func main() { os.Exit(cli.Main(&singlestep.Lesson, lessons.Beside, os.Args[1:])) }
