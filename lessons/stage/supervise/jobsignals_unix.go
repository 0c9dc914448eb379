//go:build unix

package supervise

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// jobSignals stop a process: Ctrl-Z, and the use of the terminal by a background
// job.
var jobSignals = []os.Signal{syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU}

// ttySignals are those for the use of the terminal.
var ttySignals = []os.Signal{syscall.SIGTTIN, syscall.SIGTTOU}

// foreground says whether the terminal that we have, if any, is ours to use.
func foreground() bool {
	for fd := range 3 {
		if group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP); err == nil {
			return group == unix.Getpgrp()
		}
	}
	return true
}

// contSignals tell that a process goes on that was stopped.
var contSignals = []os.Signal{syscall.SIGCONT}
