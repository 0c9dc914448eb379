package stage

import (
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// noCore keeps a child that crashes from leaving a core file.
func noCore(pid int) {
	unix.Prlimit(pid, unix.RLIMIT_CORE, &unix.Rlimit{}, nil)
}

// readsOurselves says whether process_vm_readv reads our own memory. The kernel allows
// that to every process, so that a filter refuses it where it is refused.
func readsOurselves() bool {
	var from, to [1]byte
	local := []unix.Iovec{{Base: &to[0], Len: 1}}
	remote := []unix.RemoteIovec{{Base: uintptr(unsafe.Pointer(&from)), Len: 1}}
	_, err := unix.ProcessVMReadv(os.Getpid(), local, remote, 0)
	runtime.KeepAlive(&from)
	return err == nil
}

// thisMachine is the kernel release and the machine name of uname(2).
func thisMachine() (kernel, machine string) {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return "unknown", "unknown"
	}
	return unix.ByteSliceToString(u.Release[:]), unix.ByteSliceToString(u.Machine[:])
}
