package attach

import (
	"fmt"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/procfs"
)

// blockedIn is the system call that a thread waits in although it does not stop,
// and the child that a vfork waits for; "" if /proc does not tell. Registers
// cannot say it: a thread gives them to its tracer at a stop alone.
func blockedIn(pid, tid tracer.TID) string {
	call, waits := procfs.SyscallOf(pid, tid)
	is32, known := procfs.Is32(pid)
	if !waits || !known {
		return ""
	}
	arch := tracer.X8664
	if is32 {
		arch = tracer.I386
	}
	return blockedName(call, procfs.Children(pid, tid), arch)
}

func blockedName(call procfs.Syscall, children []tracer.TID, arch tracer.Arch) string {
	const cloneVfork = 0x4000
	name := names.SyscallName(arch, call.Nr)
	vfork := name == "vfork" || name == "clone3" || name == "clone" && call.Args[0]&cloneVfork != 0
	if n := len(children); n > 0 && vfork {
		return fmt.Sprintf("%s, waits for %v", name, children[n-1])
	}
	return name
}
