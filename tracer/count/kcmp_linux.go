package count

import (
	"golang.org/x/sys/unix"

	"ptwalk/tracer"
)

// kcmpVM is KCMP_VM of <linux/kcmp.h>.
const kcmpVM = 1

// sameMemory says whether two processes share their memory. Where the kernel
// does not tell, they might. See kcmp(2).
func sameMemory(a, b tracer.TID) bool {
	order, _, errno := unix.Syscall6(unix.SYS_KCMP, uintptr(a), uintptr(b), kcmpVM, 0, 0, 0)
	return errno != 0 || order == 0
}
