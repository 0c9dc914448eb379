// Command 10-signals runs lesson 10 alone. It takes the flags of ptwalk 10.
package main

import (
	"os"

	"ptwalk/lessons"
	signals "ptwalk/lessons/10-signals"
	"ptwalk/lessons/stage/cli"
)

func main() { os.Exit(cli.Main(&signals.Lesson, lessons.Beside, os.Args[1:])) }
