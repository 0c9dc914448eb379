//go:build linux && amd64

// 01-traceme starts a program as its tracee, looks at the stop that execve makes,
// lets the program go and reaps it. c/01-traceme.c is the same in C.
package main

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func main() {
	// The tracer is one thread, and no other thread of its process may make the
	// requests. Go moves goroutines between threads: forbid it for this one.
	runtime.LockOSThread()
	argv := os.Args[1:]
	if len(argv) == 0 {
		argv = []string{"asm/bin/hello64"}
	}

	// fork; then, in the child: PR_SET_PDEATHSIG, so that the kernel kills it if
	// we die; PTRACE_TRACEME, "this process is to be traced by its parent"; execve.
	pid, err := syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2},
		Sys:   &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL},
	})
	must("cannot run "+argv[0]+" under ptrace", err)

	// A successful execve sends a traced process SIGTRAP, before its new program
	// begins. The signal stops it, and wait returns the status of that stop.
	var ws unix.WaitStatus
	_, err = unix.Wait4(pid, &ws, unix.WALL, nil)
	must("wait4", err)
	fmt.Printf("wait status 0x%08x: stopped by signal %d; SIGTRAP is %d\n",
		uint32(ws), ws.StopSignal(), unix.SIGTRAP)

	// PTRACE_GETSIGINFO copies the siginfo of the signal that caused the stop. Its
	// si_code is 0, SI_USER. x/sys has no function for it: we make the system call.
	var info unix.Siginfo
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GETSIGINFO, uintptr(pid),
		0, uintptr(unsafe.Pointer(&info)), 0, 0)
	if errno != 0 {
		must("PTRACE_GETSIGINFO", errno)
	}
	// PTRACE_GETREGS copies the tracee's registers. rip is the first instruction.
	var regs unix.PtraceRegsAmd64
	must("PTRACE_GETREGS", unix.PtraceGetRegsAmd64(pid, &regs))
	fmt.Printf("si_code %d, rip 0x%x\n", info.Code, regs.Rip)

	// PTRACE_DETACH restarts the tracee and ends the tracing. It delivers no
	// signal, so the SIGTRAP is gone. The program runs as if it had no tracer.
	must("PTRACE_DETACH", unix.PtraceDetach(pid))

	// The second wait, which many examples forget. A child that has ended stays a
	// zombie until its parent waits for it. This wait also tells how it ended.
	_, err = unix.Wait4(pid, &ws, unix.WALL, nil)
	must("wait4", err)
	if ws.Exited() {
		fmt.Printf("wait status 0x%08x: exited with status %d\n", uint32(ws), ws.ExitStatus())
	} else {
		fmt.Printf("wait status 0x%08x: killed by signal %d\n", uint32(ws), ws.Signal())
	}
}

// must ends the program with one sentence if err is not nil.
func must(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "01-traceme: %s: %v\n", what, err)
		os.Exit(1)
	}
}
