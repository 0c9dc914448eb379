// Command 11-children runs lesson 11 alone. It takes the flags of ptwalk 11.
package main

import (
	"os"

	"ptwalk/lessons"
	children "ptwalk/lessons/11-children"
	"ptwalk/lessons/stage/cli"
)

func main() { os.Exit(cli.Main(&children.Lesson, lessons.Beside, os.Args[1:])) }
