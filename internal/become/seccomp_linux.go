package become

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"ptwalk/internal/seccomptest"
)

// killI386 kills whoever makes a system call of the i386 table.
func killI386(int) error {
	return seccomptest.Install(seccomptest.Where(seccomptest.AtArch, unix.AUDIT_ARCH_I386, unix.SECCOMP_RET_KILL_PROCESS))
}

// likeYama refuses what Yama would. By process 0, which is not there, the doctor
// tells a filter from the kernel: it is let through.
func likeYama(int) error {
	return refuseRequests([]uint32{unix.PTRACE_TRACEME}, []uint32{unix.PTRACE_ATTACH, unix.PTRACE_SEIZE})
}

// refuseRequests answers some ptrace requests with EPERM, and others too unless they
// name process 0.
func refuseRequests(requests, ofProcesses []uint32) error {
	refused := seccomptest.Fails(unix.EPERM)
	parts := [][]unix.SockFilter{seccomptest.Unless(seccomptest.AtNumber, unix.SYS_PTRACE, unix.SECCOMP_RET_ALLOW)}
	for _, r := range requests {
		parts = append(parts, seccomptest.Where(seccomptest.AtArg0, r, refused))
	}
	parts = append(parts, seccomptest.Where(seccomptest.AtArg1, 0, unix.SECCOMP_RET_ALLOW))
	for _, r := range ofProcesses {
		parts = append(parts, seccomptest.Where(seccomptest.AtArg0, r, refused))
	}
	return seccomptest.Install(parts...)
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
