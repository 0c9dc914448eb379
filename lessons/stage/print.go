package stage

import (
	"io"
	"os"

	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/render"
)

// Print writes a text that is not of a run to standard output: help, a table, a
// version. It returns the exit status, which is not 0 if the text could not be
// written.
func Print(text string) int {
	if _, err := io.WriteString(render.Screen(os.Stdout), text); err != nil {
		return Report(exit.ByWrite(err))
	}
	return exit.Done
}
