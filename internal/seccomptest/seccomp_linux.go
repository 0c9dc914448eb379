// Package seccomptest puts seccomp filters on a process, for tests of what is seen
// behind one.
package seccomptest

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A filter is a program of the classic BPF that reads struct seccomp_data: these are
// the offsets of the number of the call, of the architecture, and of the first two
// arguments.
const (
	AtNumber = 0
	AtArch   = 4
	AtArg0   = 16
	AtArg1   = 24
)

const (
	load   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	equals = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	action = unix.BPF_RET | unix.BPF_K
)

// Fails is the action that makes a call fail with errno.
func Fails(errno syscall.Errno) uint32 { return unix.SECCOMP_RET_ERRNO | uint32(errno) }

// Where is the part of a filter that answers a call with a value at an offset. Other
// calls go on behind it.
func Where(offset, value, does uint32) []unix.SockFilter {
	return []unix.SockFilter{{Code: load, K: offset}, {Code: equals, K: value, Jf: 1}, {Code: action, K: does}}
}

// Unless is the part of a filter that answers all calls but those with a value at an
// offset, which go on behind it.
func Unless(offset, value, does uint32) []unix.SockFilter {
	return []unix.SockFilter{{Code: load, K: offset}, {Code: equals, K: value, Jt: 1}, {Code: action, K: does}}
}

// Answer has an action for one system call.
func Answer(nr, does uint32) error { return Install(Where(AtNumber, nr, does)) }

// Install puts a filter, of the parts in their order, on all threads of this process
// and on all that they start. What it does not answer is allowed.
func Install(parts ...[]unix.SockFilter) error {
	var filter []unix.SockFilter
	for _, part := range parts {
		filter = append(filter, part...)
	}
	filter = append(filter, unix.SockFilter{Code: action, K: unix.SECCOMP_RET_ALLOW})
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
