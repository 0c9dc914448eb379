package procfs

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"ptwalk/tracer"
)

// Syscall is the system call that a thread waits in.
type Syscall struct {
	Nr   int64
	Args [6]uint64
}

// SyscallOf reads /proc/PID/task/TID/syscall: what a thread waits in although it
// does not stop. Registers cannot say it, for a thread gives them to its tracer at
// a stop alone. It is false for a thread that runs, or waits outside a system call,
// or is not ours to look at.
func SyscallOf(pid, tid tracer.TID) (Syscall, bool) {
	call, err := ParseSyscall(read(pid, path.Join("task", tid.String(), "syscall")))
	return call, err == nil && call.Nr >= 0
}

// ParseSyscall reads the number of the call, its six arguments, the stack pointer
// and the program counter: proc_pid_syscall(5). A thread that waits outside a call
// has the number -1 and no arguments; one that runs is an error.
func ParseSyscall(text string) (Syscall, error) {
	fields := strings.Fields(text)
	if len(fields) != 9 && (len(fields) != 3 || fields[0] != "-1") {
		return Syscall{}, fmt.Errorf("syscall: %q is no call", text)
	}
	var call Syscall
	var err error
	if call.Nr, err = strconv.ParseInt(fields[0], 10, 64); err != nil {
		return Syscall{}, fmt.Errorf("syscall: %w", err)
	}
	for i, word := range fields[1 : len(fields)-2] {
		if call.Args[i], err = strconv.ParseUint(word, 0, 64); err != nil {
			return Syscall{}, fmt.Errorf("syscall: %w", err)
		}
	}
	return call, nil
}
