package tracer

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"ptwalk/tracer/user"
)

// stepOn makes the three requests of [Tracee.StepOn] for which nobody listens.
// After a stop the caches are the tracee's, and each line of ours that runs has to
// be fetched again: so there is no [Call].
func (c *Tracee) stepOn(from Addr) (rip Addr, stop Stop, err error) {
	_, _, errno := unix.RawSyscall6(unix.SYS_PTRACE, uintptr(SingleStep), uintptr(c.TID), 0, 0, 0, 0)
	if errno != 0 && errno != unix.ESRCH {
		return 0, Stop{}, &Error{Request: SingleStep.String(), TID: c.TID, Err: errno}
	}
	var status int32
	var tid uintptr
	for {
		tid, _, errno = unix.Syscall6(unix.SYS_WAIT4, ^uintptr(0), uintptr(unsafe.Pointer(&status)), wAll|wNoThread, 0, 0, 0)
		if errno != unix.EINTR {
			break
		}
	}
	if errno != 0 {
		return 0, Stop{}, &Error{Request: "wait4", TID: Any, Err: errno}
	}
	if TID(tid) != c.TID || Status(status) != stoppedByTrap {
		return 0, c.tracer.reported(TID(tid), Status(status)), nil
	}
	_, _, errno = unix.RawSyscall6(unix.SYS_PTRACE, uintptr(PeekUser), uintptr(c.TID), user.RIP, uintptr(unsafe.Pointer(&rip)), 0, 0)
	if errno != 0 || rip == from {
		return 0, c.tracer.reported(c.TID, stoppedByTrap), nil
	}
	return rip, Stop{}, nil
}
