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

// si_code of the SIGTRAPs that ptrace makes.
const (
	trapBRKPT    = 1                                               // a system call was stepped
	trapTRACE    = 2                                               // another instruction was stepped
	handlerEntry = int32(unix.SIGTRAP)                             // a signal handler begins
	execEvent    = int32(unix.SIGTRAP) | unix.PTRACE_EVENT_EXEC<<8 // an execve
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

	// With PTRACE_O_TRACEEXEC a later execve makes an event stop. Without it the
	// kernel would send a SIGTRAP that looks like the program's own.
	must("PTRACE_SETOPTIONS", unix.PtraceSetOptions(pid, unix.PTRACE_O_TRACEEXEC))

	for stop := 1; ws.Stopped(); stop++ {
		deliver := syscall.Signal(0)
		info, errno := sigInfo(pid)
		if errno != 0 {
			fmt.Printf("stop %d: no siginfo, errno %d\n", stop, int(errno))
		} else {
			// PTRACE_GETREGS: rip is the address of the next instruction.
			var regs unix.PtraceRegsAmd64
			_ = unix.PtraceGetRegsAmd64(pid, &regs)
			fmt.Printf("stop %d: rip 0x%x, signal %d, si_code %d, bytes% x\n",
				stop, regs.Rip, ws.StopSignal(), info.Code, peekText(pid, regs.Rip))

			// A tracee stops before a signal is delivered. The tracer decides: a
			// SIGTRAP of ptrace ends here, every other signal is for the program.
			deliver = ws.StopSignal()
			if deliver == unix.SIGTRAP && (stop == 1 || fromPtrace(info.Code)) {
				deliver = 0
			}
		}

		// One instruction, and the wait for the stop after it. The last one, the
		// system call exit, has no stop: the wait reports the end.
		singleStep(pid, deliver)
		_, err = unix.Wait4(pid, &ws, unix.WALL, nil)
		must("wait4", err)
	}
	if ws.Exited() {
		fmt.Printf("wait status 0x%08x: exited with status %d\n", uint32(ws), ws.ExitStatus())
	} else {
		fmt.Printf("wait status 0x%08x: killed by signal %d\n", uint32(ws), ws.Signal())
	}
}

// fromPtrace reports whether ptrace made the SIGTRAP with this si_code.
func fromPtrace(code int32) bool {
	return code == trapBRKPT || code == trapTRACE || code == handlerEntry || code == execEvent
}

// peekText is PTRACE_PEEKTEXT: one word, 8 bytes, of the tracee's memory. The next
// instruction is at its start. Only the processor knows how long it is.
func peekText(pid int, addr uint64) []byte {
	word := make([]byte, 8)
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_PEEKTEXT, uintptr(pid),
		uintptr(addr), uintptr(unsafe.Pointer(&word[0])), 0, 0)
	if errno != 0 {
		return nil // no memory of the program is there
	}
	return word
}

// sigInfo is PTRACE_GETSIGINFO: the siginfo of the signal that caused the stop. EINVAL
// is a group-stop, where there is no signal. ESRCH: it was killed meanwhile.
func sigInfo(pid int) (info unix.Siginfo, errno syscall.Errno) {
	_, _, errno = unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GETSIGINFO, uintptr(pid),
		0, uintptr(unsafe.Pointer(&info)), 0, 0)
	return info, errno
}

// singleStep restarts the tracee and delivers this signal to it, 0 for none; it stops
// after one instruction. unix.PtraceSingleStep cannot deliver one. After ESRCH
// the next wait reports how the tracee was killed.
func singleStep(pid int, signal syscall.Signal) {
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SINGLESTEP, uintptr(pid),
		0, uintptr(signal), 0, 0)
	if errno != 0 && errno != unix.ESRCH {
		must("PTRACE_SINGLESTEP", errno)
	}
}

// must ends the program with one sentence if err is not nil.
func must(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "03-singlestep: %s: %v\n", what, err)
		os.Exit(1)
	}
}
