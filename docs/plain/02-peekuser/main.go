//go:build linux && amd64

// 02-peekuser reads one word of a tracee's USER area: the number of the system call
// that brought it to its stop. Then it asks for an offset that is not aligned.
// c/02-peekuser.c is the same in C.
package main

import (
	"fmt"
	"log"
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
	log.SetFlags(0)
	log.SetPrefix("02-peekuser: ")
	// The tracer is one thread: keep this goroutine on it.
	runtime.LockOSThread()
	program := os.Args[1:]
	if len(program) == 0 {
		program = []string{"asm/bin/hello64"}
	}
	pid, _ := start(program)

	// The USER area begins with the saved registers, 8 bytes each. The number is
	// execve's: 59 in the x86-64 table, 11 in the i386 table of a 32-bit program.
	word, errno := peekUser(pid, 8*origRAX)
	must("PTRACE_PEEKUSER", errno)
	fmt.Printf("offset %d: system call %d\n", 8*origRAX, word)

	// A word of i386 has 4 bytes, and ORIG_EAX is 11: old programs ask for 4*11. With
	// the new name and the old 4 it is 60, which is no multiple of 8, and the kernel
	// answers EIO. The error and the word come apart: -1 would be a word.
	_, errno = peekUser(pid, 4*origRAX)
	fmt.Printf("offset %d: errno %d; EIO is %d\n", 4*origRAX, int(errno), int(unix.EIO))

	// Let it go, and reap it: the wait that follows reports how it ended.
	must("PTRACE_DETACH", unix.PtraceDetach(pid))
	ws := waitFor(pid)
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

// start starts a program as our tracee, and waits for the stop that execve makes. The
// same as in 01-traceme, which explains it.
func start(program []string) (pid int, ws unix.WaitStatus) {
	pid, err := syscall.ForkExec(program[0], program, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2},
		Sys:   &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL},
	})
	if err != nil {
		log.Printf("cannot run %s under ptrace: %v", program[0], err)
		os.Exit(127)
	}
	ws = waitFor(pid)
	if !ws.Stopped() {
		log.Fatalf("%s was killed by signal %d before it began", program[0], ws.Signal())
	}
	return pid, ws
}

// waitFor waits until pid has stopped or ended. EINTR: a signal handler of ours ran
// meanwhile. Then nothing is known yet, and it waits again.
func waitFor(pid int) (ws unix.WaitStatus) {
	_, err := unix.Wait4(pid, &ws, unix.WALL, nil)
	for err == unix.EINTR {
		_, err = unix.Wait4(pid, &ws, unix.WALL, nil)
	}
	must("wait4", err)
	return ws
}

// must ends the program with one sentence if a call has failed.
func must(what string, err error) {
	if err != nil && err != syscall.Errno(0) {
		log.Fatalf("%s: %v", what, err)
	}
}
