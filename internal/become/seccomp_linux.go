package become

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A filter is a program of the classic BPF that reads struct seccomp_data: the
// number of the call, the architecture, and the arguments.
const (
	atNumber  = 0
	atArch    = 4
	atRequest = 16 // the first argument of ptrace(2)
	atPID     = 24 // its second
)

const (
	load   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	equals = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	action = unix.BPF_RET | unix.BPF_K
)

var allow = unix.SockFilter{Code: action, K: unix.SECCOMP_RET_ALLOW}

// refuse is the action that fails with errno.
func refuse(errno syscall.Errno) uint32 { return unix.SECCOMP_RET_ERRNO | uint32(errno) }

// where has what answers a call that has a value at an offset; other calls go on
// behind it.
func where(offset, value, does uint32) []unix.SockFilter {
	return []unix.SockFilter{{Code: load, K: offset}, {Code: equals, K: value, Jf: 1}, {Code: action, K: does}}
}

// answer has an action for one system call.
func answer(nr, does uint32) error { return install(where(atNumber, nr, does)) }

// killI386 kills whoever makes a system call of the i386 table.
func killI386(int) error {
	return install(where(atArch, unix.AUDIT_ARCH_I386, unix.SECCOMP_RET_KILL_PROCESS))
}

// likeYama refuses what Yama would. By process 0, which is not there, the doctor
// tells a filter from the kernel: it is let through.
func likeYama(int) error {
	return refuseRequests([]uint32{unix.PTRACE_TRACEME}, []uint32{unix.PTRACE_ATTACH, unix.PTRACE_SEIZE})
}

// refuseRequests answers some ptrace requests with EPERM, and others too unless they
// name process 0.
func refuseRequests(requests, ofProcesses []uint32) error {
	filter := []unix.SockFilter{{Code: load, K: atNumber}, {Code: equals, K: unix.SYS_PTRACE, Jt: 1}, allow}
	for _, r := range requests {
		filter = append(filter, where(atRequest, r, refuse(unix.EPERM))...)
	}
	filter = append(filter, where(atPID, 0, unix.SECCOMP_RET_ALLOW)...)
	for _, r := range ofProcesses {
		filter = append(filter, where(atRequest, r, refuse(unix.EPERM))...)
	}
	return install(filter)
}

// install puts a filter on all threads of this process, and on all that they start.
// What it does not answer is allowed.
func install(filter []unix.SockFilter) error {
	filter = append(filter, allow)
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC,
		uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return errno
	}
	return nil
}

// enterLandlock puts this process into a domain, with a rule that keeps it from
// making sockets in folders. From a domain nobody outside can be traced.
func enterLandlock(int) error {
	attr := unix.LandlockRulesetAttr{Handled_access_fs: unix.LANDLOCK_ACCESS_FS_MAKE_SOCK}
	fd, _, errno := syscall.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), 8, 0)
	if errno != 0 {
		return errno
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if _, _, errno = syscall.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return errno
	}
	return nil
}
