package main

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// noRandomize is ADDR_NO_RANDOMIZE of <linux/personality.h>.
const noRandomize = 0x0040000

// fixAddresses lets what this thread starts lie at the same addresses each time,
// until the function that it returns is called. Where personality(2) is refused,
// nothing changes.
func fixAddresses() (undo func()) {
	runtime.LockOSThread()
	old, _, errno := unix.Syscall(unix.SYS_PERSONALITY, 0xffffffff, 0, 0)
	if errno == 0 {
		unix.Syscall(unix.SYS_PERSONALITY, old|noRandomize, 0, 0)
	}
	return func() {
		if errno == 0 {
			unix.Syscall(unix.SYS_PERSONALITY, old, 0, 0)
		}
		runtime.UnlockOSThread()
	}
}
