//go:build linux && amd64

// 03-singlestep runs a program one instruction at a time. It prints each stop: where
// the tracee is, which signal stopped it and why, and the bytes that come next.
// c/03-singlestep.c is the same in C.
package main

import (
	"fmt"
	"log"
	"os"
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const siKERNEL = 0x80 // si_code of the SIGTRAP of int3

func main() {
	log.SetFlags(0)
	log.SetPrefix("03-singlestep: ")
	// The tracer is one thread: keep this goroutine on it.
	runtime.LockOSThread()
	program := os.Args[1:]
	if len(program) == 0 {
		program = []string{"asm/bin/hello64"}
	}
	pid, ws := start(program)

	// With PTRACE_O_TRACEEXEC a later execve makes an event stop. Without it the
	// kernel would send a SIGTRAP that looks like the program's own.
	must("PTRACE_SETOPTIONS", unix.PtraceSetOptions(pid, unix.PTRACE_O_TRACEEXEC))

	for stop := 1; ws.Stopped(); stop++ {
		// PTRACE_GETREGS: rip is the address of the next instruction.
		var regs unix.PtraceRegsAmd64
		_ = unix.PtraceGetRegsAmd64(pid, &regs)
		// PTRACE_PEEKTEXT: one word of memory, 8 bytes. The next instruction is at its
		// start. Only the processor knows how long it is.
		var word [8]byte
		bytes := "unreadable"
		if ptrace(unix.PTRACE_PEEKTEXT, pid, uintptr(regs.Rip), unsafe.Pointer(&word)) == 0 {
			bytes = fmt.Sprintf("% x", word)
		}
		// PTRACE_GETSIGINFO: why it stopped. si_code is 0 after execve, 2 (TRAP_TRACE)
		// after a step, and 1 (TRAP_BRKPT) after a step over a system call.
		var info unix.Siginfo
		deliver := ws.StopSignal()
		switch ptrace(unix.PTRACE_GETSIGINFO, pid, 0, unsafe.Pointer(&info)) {
		case 0:
			fmt.Printf("stop %d: rip 0x%x, signal %d, si_code %d, bytes %s\n",
				stop, regs.Rip, deliver, info.Code, bytes)
			// The tracee stops before a signal is delivered, and the tracer decides.
			// The SIGTRAPs of ptrace end here, execve's first. A SIGTRAP that was sent
			// (code 0 or less) or is int3's (SI_KERNEL) goes on to the program, as do
			// all other signals.
			own := info.Code <= 0 || info.Code == siKERNEL
			if deliver == unix.SIGTRAP && (stop == 1 || !own) {
				deliver = 0
			}
		case unix.EINVAL:
			// No siginfo: a group-stop, which a delivered SIGSTOP makes. Any restart
			// lets the tracee run on; but it should wait for SIGCONT, of which the
			// kernel tells us only after PTRACE_SEIZE. So look for it, or for its end.
			fmt.Printf("stop %d: rip 0x%x, group-stop until SIGCONT\n", stop, regs.Rip)
			for info.Signo == 0 {
				time.Sleep(10 * time.Millisecond)
				must("waitid", unix.Waitid(unix.P_PID, pid, &info,
					unix.WCONTINUED|unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil))
			}
			deliver = 0
		}
		// PTRACE_SINGLESTEP restarts it, with that signal, for one instruction. ESRCH:
		// somebody has killed it. unix.PtraceSingleStep cannot deliver a signal.
		_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SINGLESTEP, uintptr(pid),
			0, uintptr(deliver), 0, 0)
		if errno != unix.ESRCH {
			must("PTRACE_SINGLESTEP", errno)
		}
		// The stop after the step; or the end, for no stop follows the exit call.
		ws = waitFor(pid)
	}
	if ws.Exited() {
		fmt.Printf("wait status 0x%08x: exited with status %d\n", uint32(ws), ws.ExitStatus())
	} else {
		fmt.Printf("wait status 0x%08x: killed by signal %d\n", uint32(ws), ws.Signal())
	}
}

// ptrace makes a request that x/sys has no function for. The kernel stores the answer
// where data points.
func ptrace(request, pid int, addr uintptr, data unsafe.Pointer) syscall.Errno {
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, uintptr(request), uintptr(pid),
		addr, uintptr(data), 0, 0)
	return errno
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
