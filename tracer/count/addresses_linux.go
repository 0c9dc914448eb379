package count

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// noRandomize is ADDR_NO_RANDOMIZE of <linux/personality.h>.
const noRandomize = 0x0040000

// FixAddresses lets what this goroutine starts lie at the same addresses each time,
// until the function that it returns is called. Addresses decide how often the
// dynamic loader and the C library turn in their loops. Where personality(2) is
// refused, nothing changes, and the error says so.
func FixAddresses() (undo func(), err error) {
	runtime.LockOSThread()
	old, _, errno := unix.Syscall(unix.SYS_PERSONALITY, 0xffffffff, 0, 0)
	if errno == 0 {
		_, _, errno = unix.Syscall(unix.SYS_PERSONALITY, old|noRandomize, 0, 0)
	}
	if errno != 0 {
		return runtime.UnlockOSThread, errno
	}
	return func() {
		unix.Syscall(unix.SYS_PERSONALITY, old, 0, 0)
		runtime.UnlockOSThread()
	}, nil
}
