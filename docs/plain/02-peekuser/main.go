//go:build linux && amd64

// 02-peekuser reads one word of a tracee's USER area: the number of the system call
// that brought it to its stop. Then it asks for an offset that is not aligned.
// c/02-peekuser.c is the same in C.
package main

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// origRAX is the index of orig_rax in the USER area, ORIG_RAX in <sys/reg.h>. The
// kernel keeps the system call number there: rax is needed for the result.
const origRAX = 15

func main() {
	// The tracer is one thread: keep this goroutine on it.
	runtime.LockOSThread()
	argv := os.Args[1:]
	if len(argv) == 0 {
		argv = []string{"asm/bin/hello64"}
	}

	// fork; in the child PR_SET_PDEATHSIG, PTRACE_TRACEME and execve. The wait
	// reports the stop that execve makes.
	pid, err := syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2},
		Sys:   &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL},
	})
	must("cannot run "+argv[0]+" under ptrace", err)
	var ws unix.WaitStatus
	_, err = unix.Wait4(pid, &ws, unix.WALL, nil)
	must("wait4", err)

	// The USER area begins with the saved registers, 8 bytes each. The number is
	// execve's: 59 in the x86-64 table, 11 in the i386 table of a 32-bit program.
	word, errno := peekUser(pid, 8*origRAX)
	if errno != 0 {
		must("PTRACE_PEEKUSER", errno)
	}
	fmt.Printf("offset %d: system call %d\n", 8*origRAX, word)

	// 4*15 was the offset on i386. Here it is not a multiple of 8, and the kernel
	// answers EIO. The error and the word come apart: -1 would be a word.
	_, errno = peekUser(pid, 4*origRAX)
	fmt.Printf("offset %d: errno %d; EIO is %d\n", 4*origRAX, int(errno), int(unix.EIO))

	// Let it go, and reap it: the wait that follows reports how it ended.
	must("PTRACE_DETACH", unix.PtraceDetach(pid))
	_, err = unix.Wait4(pid, &ws, unix.WALL, nil)
	must("wait4", err)
	if ws.Exited() {
		fmt.Printf("wait status 0x%08x: exited with status %d\n", uint32(ws), ws.ExitStatus())
	} else {
		fmt.Printf("wait status 0x%08x: killed by signal %d\n", uint32(ws), ws.Signal())
	}
}

// peekUser makes the system call itself. The kernel stores the word where the last
// argument points. unix.PtracePeekUser is not used: it rounds the offset down to
// a multiple of 8 before it asks, so the kernel would never see 60.
func peekUser(pid int, offset uintptr) (word uint64, errno syscall.Errno) {
	_, _, errno = unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_PEEKUSR, uintptr(pid),
		offset, uintptr(unsafe.Pointer(&word)), 0, 0)
	return word, errno
}

// must ends the program with one sentence if err is not nil.
func must(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "02-peekuser: %s: %v\n", what, err)
		os.Exit(1)
	}
}
