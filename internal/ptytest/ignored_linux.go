package ptytest

import (
	"os"
	"os/signal"
	"syscall"
)

// Under nohup SIGHUP is ignored, and what is ignored stays so in all that a process
// starts. What a test starts has to be as a terminal starts it: a signal that is caught
// here has its default there.
func init() {
	if signal.Ignored(syscall.SIGHUP) {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
}
