// Command 05-attach runs lesson 5 alone. It takes the flags of ptwalk 5.
package main

import (
	"os"

	attach "ptwalk/lessons/05-attach"
	"ptwalk/lessons/stage"
)

func main() { os.Exit(stage.Main(&attach.Lesson, os.Args[1:])) }
