// Command 04-count runs lesson 4 alone. It takes the flags of ptwalk 4.
package main

import (
	"os"

	count "ptwalk/lessons/04-count"
	"ptwalk/lessons/stage"
)

func main() { os.Exit(stage.Main(&count.Lesson, os.Args[1:])) }
