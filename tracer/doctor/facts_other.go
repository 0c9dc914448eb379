//go:build !linux

package doctor

import (
	"context"
	"syscall"
	"time"

	"ptwalk/tracer/procfs"
)

// reader has nothing to read: /proc and ptrace(2) as meant here are Linux's.
type reader struct{}

var machine reader

func (reader) self(syscall.Errno) selfFacts {
	return selfFacts{Status: procfs.Status{Seccomp: procfs.Unknown}, Yama: procfs.Unknown, InitNS: true}
}

func (r reader) facts(_ string, pid int, errno syscall.Errno) facts {
	return facts{Self: r.self(errno), Pid: pid, Errno: errno}
}

func (r reader) selfFor(string, syscall.Errno) selfFacts { return r.self(0) }

func (reader) mounted() mount { return procOurs }

func thisMachine() Machine { return machine.self(0).machine() }

type probeTarget struct {
	helper  []string
	facts   facts
	refused syscall.Errno

	uncreated bool
}

const limit = 0 * time.Second

// checks has one entry: there is nothing to probe.
var checks = []check{{"traceme", "PTRACE_TRACEME", "", true, ownChild, nil}}

func (*probeTarget) examine(context.Context, func(*probeTarget) error) error {
	return surprise("this system is not Linux, and its ptrace is another one")
}

// Help has nobody to help.
func Help([]string) int { return 1 }
