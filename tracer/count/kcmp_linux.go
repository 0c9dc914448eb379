package count

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"ptwalk/tracer"
)

// kcmpVM is KCMP_VM of <linux/kcmp.h>.
const kcmpVM = 1

// sameMemory says whether two processes share their memory. Where the kernel
// does not tell, they might. See kcmp(2).
func sameMemory(a, b tracer.TID) bool {
	same, known := compareMemory(a, b)
	return same || !known
}

func compareMemory(a, b tracer.TID) (same, known bool) {
	order, _, errno := unix.Syscall6(unix.SYS_KCMP, uintptr(a), uintptr(b), kcmpVM, 0, 0, 0)
	return errno == 0 && order == 0, errno == 0
}

// leftBehind says whether another process is seen to have this memory: a child of
// vfork may have made one before its end.
func leftBehind(pid tracer.TID) bool {
	all, _ := os.ReadDir("/proc")
	for _, entry := range all {
		other, err := strconv.Atoi(entry.Name())
		if err != nil || tracer.TID(other) == pid {
			continue
		}
		if same, _ := compareMemory(pid, tracer.TID(other)); same {
			return true
		}
	}
	return false
}
