// Command 04-count runs lesson 4 alone. It takes the flags of ptwalk 4.
package main

import (
	"os"

	"ptwalk/lessons"
	count "ptwalk/lessons/04-count"
	"ptwalk/lessons/stage/cli"
)

func main() { os.Exit(cli.Main(&count.Lesson, lessons.Beside, os.Args[1:])) }
