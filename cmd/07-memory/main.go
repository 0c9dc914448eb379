// Command 07-memory runs lesson 7 alone. It takes the flags of ptwalk 7.
package main

import (
	"os"

	"ptwalk/lessons"
	memory "ptwalk/lessons/07-memory"
	"ptwalk/lessons/stage/cli"
)

func main() { os.Exit(cli.Main(&memory.Lesson, lessons.Beside, os.Args[1:])) }
