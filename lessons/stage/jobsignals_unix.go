//go:build unix

package stage

import (
	"os"
	"syscall"
)

// jobSignals stop a process: Ctrl-Z, and the use of the terminal by a background
// job.
var jobSignals = []os.Signal{syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU}

// contSignals tell that a process goes on that was stopped.
var contSignals = []os.Signal{syscall.SIGCONT}
