// Command 02-peekuser runs lesson 2 alone. It takes the flags of ptwalk 2.
package main

import (
	"os"

	"ptwalk/lessons"
	peekuser "ptwalk/lessons/02-peekuser"
	"ptwalk/lessons/stage/cli"
)

func main() { os.Exit(cli.Main(&peekuser.Lesson, lessons.Beside, os.Args[1:])) }
