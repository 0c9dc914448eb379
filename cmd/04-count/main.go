// Command 04-count runs lesson 4 alone. It takes the flags of ptwalk 4.
package main

import (
	"os"

	"ptwalk/lessons"
	count "ptwalk/lessons/04-count"
	"ptwalk/lessons/stage"
)

func main() { os.Exit(stage.Main(&count.Lesson, lessons.Beside, os.Args[1:])) }
