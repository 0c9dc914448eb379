// Package program is what every command needs that runs somebody's program: how
// the program is found, why it cannot be run, and what it inherits. Such a command
// ends as env(1), timeout(1) and nohup(1) do: with the program's exit status, or
// with one of those below.
package program

import (
	"errors"
	"fmt"
	"os"

	"ptwalk/lessons/stage/render"
)

// The exit statuses that are ours and not the program's.
const (
	ExitTimeout  = 124 // the time was over
	ExitFailed   = 125 // ptwalk or ptrace failed
	ExitCannot   = 126 // the program is there and cannot be run
	ExitNotFound = 127 // there is no such program
)

// ErrNegativeTimeout is a wrong value of --timeout.
var ErrNegativeTimeout = errors.New("--timeout is a duration, 0 or more")

// Problem is why a program is not run, or not to its end: one sentence, and the
// exit status.
type Problem struct {
	Text string
	Exit int
}

func (p *Problem) Error() string { return p.Text }

// Report says it on standard error and returns the exit status.
func (p *Problem) Report() int {
	fmt.Fprintln(render.Screen(os.Stderr), "ptwalk: "+p.Text)
	return p.Exit
}
