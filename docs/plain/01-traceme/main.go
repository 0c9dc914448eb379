//go:build linux && amd64

// 01-traceme starts a program as its tracee, looks at the stop that execve makes,
// lets the program go and reaps it. c/01-traceme.c is the same in C.
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

func main() {
	log.SetFlags(0)
	log.SetPrefix("01-traceme: ")
	// The tracer is one thread, and no other thread of its process may make the
	// requests. Go moves goroutines between threads: forbid it for this one.
	runtime.LockOSThread()
	program := os.Args[1:]
	if len(program) == 0 {
		program = []string{"asm/bin/hello64"}
	}
	pid, ws := start(program)
	fmt.Printf("wait status 0x%08x: stopped by signal %d; SIGTRAP is %d\n",
		uint32(ws), ws.StopSignal(), unix.SIGTRAP)

	// PTRACE_GETSIGINFO copies the siginfo of the signal that caused the stop. Its
	// si_code is 0, SI_USER. x/sys has no function for it: we make the system call.
	var info unix.Siginfo
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GETSIGINFO, uintptr(pid),
		0, uintptr(unsafe.Pointer(&info)), 0, 0)
	must("PTRACE_GETSIGINFO", errno)
	// PTRACE_GETREGS copies the tracee's registers. rip is the first instruction.
	var regs unix.PtraceRegsAmd64
	must("PTRACE_GETREGS", unix.PtraceGetRegsAmd64(pid, &regs))
	fmt.Printf("si_code %d, rip 0x%x\n", info.Code, regs.Rip)

	// PTRACE_DETACH restarts the tracee and ends the tracing. It delivers no
	// signal, so the SIGTRAP is gone. The program runs as if it had no tracer.
	must("PTRACE_DETACH", unix.PtraceDetach(pid))

	// The second wait, which many examples forget. A child that has ended stays a
	// zombie until its parent waits for it. This wait also tells how it ended.
	ws = waitFor(pid)
	if ws.Exited() {
		fmt.Printf("wait status 0x%08x: exited with status %d\n", uint32(ws), ws.ExitStatus())
	} else {
		fmt.Printf("wait status 0x%08x: killed by signal %d\n", uint32(ws), ws.Signal())
	}
}

// start starts a program as our tracee, and waits for the stop that execve makes.
func start(program []string) (pid int, ws unix.WaitStatus) {
	// ForkExec makes a child, by clone with CLONE_VFORK. Then, in the child:
	// PR_SET_PDEATHSIG, so that the kernel kills it if we die; PTRACE_TRACEME, "this
	// process is to be traced by its parent"; execve. A parent may have left us
	// SIGTRAP blocked, and execve would make no stop, or SIGCHLD ignored, and the
	// kernel would reap our child unseen: Go's runtime has undone both.
	pid, err := syscall.ForkExec(program[0], program, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2},
		Sys:   &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL},
	})
	if err != nil {
		log.Printf("cannot run %s under ptrace: %v", program[0], err)
		os.Exit(127)
	}

	// A successful execve sends a traced process SIGTRAP, before its new program
	// begins. The signal stops it, and wait returns the status of that stop.
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
