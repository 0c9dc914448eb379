// Command 06-syscalls runs lesson 6 alone. It takes the flags of ptwalk 6.
package main

import (
	"os"

	"ptwalk/lessons"
	syscalls "ptwalk/lessons/06-syscalls"
	"ptwalk/lessons/stage/cli"
)

func main() { os.Exit(cli.Main(&syscalls.Lesson, lessons.Beside, os.Args[1:])) }
