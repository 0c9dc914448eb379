package syscalls

import (
	"os/signal"
	"syscall"
)

// ignoreStops keeps job control from stopping us: a tracer that is stopped would hold
// the process.
func ignoreStops() { signal.Ignore(syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU) }
