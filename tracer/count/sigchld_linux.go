package count

import (
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The flags of <asm-generic/signal-defs.h>.
const (
	noCldStop = 0x1        // SA_NOCLDSTOP
	restart   = 0x10000000 // SA_RESTART
)

// sigaction is the kernel's struct of rt_sigaction(2).
type sigaction struct {
	handler, flags, restorer, mask uint64
}

// quiet is what SIGCHLD was before the first of the runs that are under way.
var quiet struct {
	sync.Mutex
	runs int
	old  sigaction
}

// quietStops keeps SIGCHLD from being sent to us at each stop of a tracee: the
// runtime's handler would run each time, and nobody waits for it. Ends are still
// told. And one that is sent to the tracer's thread interrupts its wait. The function
// that it returns undoes it. See SA_NOCLDSTOP and SA_RESTART in sigaction(2).
func quietStops() (undo func()) {
	quiet.Lock()
	defer quiet.Unlock()
	if quiet.runs == 0 {
		actionOfSIGCHLD(nil, &quiet.old)
		action := quiet.old
		action.flags = action.flags&^restart | noCldStop
		actionOfSIGCHLD(&action, nil)
	}
	quiet.runs++
	return func() {
		quiet.Lock()
		defer quiet.Unlock()
		if quiet.runs--; quiet.runs == 0 {
			actionOfSIGCHLD(&quiet.old, nil)
		}
	}
}

func actionOfSIGCHLD(set, old *sigaction) {
	unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGCHLD),
		uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
}
