//go:build !linux

package doctor

import "syscall"

// reader has nothing to read: /proc and ptrace(2) as meant here are Linux's.
type reader struct{}

var machine reader

func (reader) own(syscall.Errno) own {
	return own{Status: status{Seccomp: unknown}, Yama: unknown, InitNS: true}
}

func (r reader) facts(pid int, errno syscall.Errno) facts {
	return facts{Own: r.own(errno), Pid: pid, Errno: errno}
}
