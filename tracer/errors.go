package tracer

import (
	"fmt"
	"syscall"

	"ptwalk/tracer/names"
)

// Error is a request that the kernel refused, in the manner of os.PathError.
type Error struct {
	Request string // "PTRACE_ATTACH", "wait4", ...
	TID     TID
	Addr    Addr // the address or offset, for the requests that take one
	Err     syscall.Errno
}

// Error names the request, the tracee, the address where there is one, and the errno:
// "PTRACE_PEEKUSER of 4211 at 0x3c: Input/output error (EIO)".
func (e *Error) Error() string {
	at := ""
	if e.Addr != 0 {
		at = " at " + e.Addr.String()
	}
	return fmt.Sprintf("%s of %d%s: %s (%s)", e.Request, e.TID, at,
		names.ErrnoText(int(e.Err)), names.ErrnoName(int(e.Err)))
}

// Unwrap returns the errno, so that errors.Is(err, syscall.ESRCH) works.
func (e *Error) Unwrap() error { return e.Err }
