// Command 05-attach runs lesson 5 alone. It takes the flags of ptwalk 5.
package main

import (
	"os"

	"ptwalk/lessons"
	attach "ptwalk/lessons/05-attach"
	"ptwalk/lessons/stage/cli"
)

func main() { os.Exit(cli.Main(&attach.Lesson, lessons.Beside, os.Args[1:])) }
