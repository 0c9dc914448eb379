//go:build linux && amd64

// 09-watchpoints [ADDRESS] PROGRAM prints each write to 8 bytes of its memory: at the
// address, as 0x402008, or where the first call stores the way back, below the stack
// pointer. c/09-watchpoints.c is the same in C.
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

const (
	rip, rsp   = 8 * 16, 8 * 19 // 8*RIP, 8*RSP of <sys/reg.h>
	dr0, dr7   = 848, 848 + 7*8 // offsetof(struct user, u_debugreg[0]) and [7]
	trapHWBKPT = 4              // si_code of a SIGTRAP: a debug register
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("09-watchpoints: ")
	// The tracer is one thread: keep this goroutine on it.
	runtime.LockOSThread()
	program := os.Args[1:]
	if len(program) == 0 {
		program = []string{"asm/bin/hello64"}
	}
	var at uintptr
	if n, _ := fmt.Sscanf(program[0], "0x%x", &at); n == 1 && len(program) > 1 {
		program = program[1:]
	}
	pid, _ := start(program)
	if at == 0 {
		at = word(unix.PTRACE_PEEKUSR, pid, rsp) - 8
	}

	// DR0 is the address, a multiple of 8. In DR7 bit 0 switches it on, bits 17 and
	// 16 are 01: write, and bits 19 and 18 are 10: 8 bytes.
	must("PTRACE_POKEUSER of DR0", ask(unix.PTRACE_POKEUSR, pid, dr0, at))
	must("PTRACE_POKEUSER of DR7", ask(unix.PTRACE_POKEUSR, pid, dr7, 1|1<<16|2<<18))

	// Without PTRACE_O_TRACEEXEC the kernel would send a SIGTRAP after each execve.
	must("PTRACE_SETOPTIONS", unix.PtraceSetOptions(pid, unix.PTRACE_O_TRACEEXEC))
	deliver := syscall.Signal(0)
	var ws unix.WaitStatus
	for {
		// Restart it, with a signal. ESRCH: it was killed.
		if errno := ask(unix.PTRACE_CONT, pid, 0, uintptr(deliver)); errno != unix.ESRCH {
			must("PTRACE_CONT", errno)
		}
		ws = waitFor(pid)
		if !ws.Stopped() {
			break
		}
		deliver = 0
		if ws.TrapCause() == unix.PTRACE_EVENT_EXEC {
			continue // execve has cleared the debug registers
		}
		var info unix.Siginfo
		errno := ask(unix.PTRACE_GETSIGINFO, pid, 0, uintptr(unsafe.Pointer(&info)))
		switch {
		case errno == 0 && info.Signo == int32(unix.SIGTRAP) && info.Code == trapHWBKPT:
			// The trap of a debug register is ours, and not delivered. The
			// instruction has written: the word is new, rip is behind it.
			fmt.Printf("written: rip 0x%x, the word is 0x%x\n",
				word(unix.PTRACE_PEEKUSR, pid, rip), word(unix.PTRACE_PEEKDATA, pid, at))
		case errno != unix.EINVAL:
			deliver = ws.StopSignal() // every other signal is for the program
			fmt.Printf("signal %d\n", deliver)
		default:
			// No siginfo: a group-stop. 04-count explains what is done here.
			fmt.Println("group-stop until SIGCONT")
			for info.Signo == 0 {
				time.Sleep(10 * time.Millisecond)
				must("waitid", unix.Waitid(unix.P_PID, pid, &info, unix.WCONTINUED|unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil))
			}
		}
	}
	if ws.Exited() {
		fmt.Printf("wait status 0x%08x: exited with status %d\n", uint32(ws), ws.ExitStatus())
	} else {
		fmt.Printf("wait status 0x%08x: killed by signal %d\n", uint32(ws), ws.Signal())
	}
}

// ask makes a request of ptrace(2), by the raw system call.
func ask(request, pid int, addr, data uintptr) syscall.Errno {
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, uintptr(request), uintptr(pid), addr, data, 0, 0)
	return errno
}

// word makes a PEEK request, which stores the word where its last argument points.
func word(request, pid int, addr uintptr) (word uintptr) {
	ask(request, pid, addr, uintptr(unsafe.Pointer(&word)))
	return word
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
