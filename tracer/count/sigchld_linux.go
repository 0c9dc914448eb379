package count

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// noCldStop is SA_NOCLDSTOP of <asm-generic/signal-defs.h>.
const noCldStop = 1

// sigaction is the kernel's struct of rt_sigaction(2).
type sigaction struct {
	handler, flags, restorer, mask uint64
}

// quietStops keeps SIGCHLD from being sent to us at each stop of a tracee: the
// runtime's handler would run each time, and nobody waits for it. Ends are still
// told. The function that it returns undoes it. See SA_NOCLDSTOP in sigaction(2).
func quietStops() (undo func()) {
	var old sigaction
	if !actionOfSIGCHLD(nil, &old) || old.flags&noCldStop != 0 {
		return func() {}
	}
	quiet := old
	quiet.flags |= noCldStop
	actionOfSIGCHLD(&quiet, nil)
	return func() { actionOfSIGCHLD(&old, nil) }
}

func actionOfSIGCHLD(set, old *sigaction) bool {
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGCHLD),
		uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
	return errno == 0
}
