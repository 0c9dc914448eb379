//go:build linux && amd64

// 03-singlestep runs a program one instruction at a time. It prints each stop: where
// the tracee is, which signal stopped it and why, and the bytes that come next.
// c/03-singlestep.c is the same in C.
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

	for stop := 1; ws.Stopped(); stop++ {
		// PTRACE_GETREGS: rip is the address of the next instruction.
		var regs unix.PtraceRegsAmd64
		_ = unix.PtraceGetRegsAmd64(pid, &regs)
		// PTRACE_GETSIGINFO: why it stopped. si_code is 0 after execve, 2 (TRAP_TRACE)
		// after a step, and 1 (TRAP_BRKPT) after a step over a system call.
		var info unix.Siginfo
		ptrace(unix.PTRACE_GETSIGINFO, pid, 0, unsafe.Pointer(&info))
		// PTRACE_PEEKTEXT: one word of memory, 8 bytes. The next instruction is at its
		// start. Only the processor knows how long it is.
		var word [8]byte
		ptrace(unix.PTRACE_PEEKTEXT, pid, uintptr(regs.Rip), unsafe.Pointer(&word))
		fmt.Printf("stop %d: rip 0x%x, signal %d, si_code %d, bytes % x\n",
			stop, regs.Rip, ws.StopSignal(), info.Code, word)

		// The tracee stops before a signal is delivered, and the tracer decides. The
		// SIGTRAPs of execve and of steps (codes 0 to 5) end here. All others go on to
		// the program.
		deliver := ws.StopSignal()
		if deliver == unix.SIGTRAP && info.Code >= 0 && info.Code <= 5 {
			deliver = 0
		}
		// PTRACE_SINGLESTEP restarts it, with that signal, for one instruction. ESRCH:
		// somebody has killed it. unix.PtraceSingleStep cannot deliver a signal.
		_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SINGLESTEP, uintptr(pid),
			0, uintptr(deliver), 0, 0)
		if errno != 0 && errno != unix.ESRCH {
			must("PTRACE_SINGLESTEP", errno)
		}
		// The stop after the step; or the end, for no stop follows the exit call.
		_, err = unix.Wait4(pid, &ws, unix.WALL, nil)
		must("wait4", err)
	}
	if ws.Exited() {
		fmt.Printf("wait status 0x%08x: exited with status %d\n", uint32(ws), ws.ExitStatus())
	} else {
		fmt.Printf("wait status 0x%08x: killed by signal %d\n", uint32(ws), ws.Signal())
	}
}

// ptrace makes a request that x/sys has no function for. The kernel stores the answer
// where data points. If there is none (nothing to read), it stays as it was.
func ptrace(request, pid int, addr uintptr, data unsafe.Pointer) {
	unix.Syscall6(unix.SYS_PTRACE, uintptr(request), uintptr(pid), addr, uintptr(data), 0, 0)
}

// must ends the program with one sentence if err is not nil.
func must(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "03-singlestep: %s: %v\n", what, err)
		os.Exit(1)
	}
}
