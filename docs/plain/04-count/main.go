//go:build linux && amd64

// 04-count steps a program from its first instruction to its end and counts twice: the
// stops, and the instructions that were executed. c/04-count.c is the same in C.
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

// si_code of a SIGTRAP, as <signal.h> has it.
const (
	trapBRKPT, trapTRACE = 1, 2
	siKERNEL, siTKILL    = 0x80, -6
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("04-count: ")
	// The tracer is one thread: keep this goroutine on it.
	runtime.LockOSThread()
	program := os.Args[1:]
	if len(program) == 0 {
		program = []string{"asm/bin/hello64"}
	}
	pid, _ := start(program)

	// With PTRACE_O_TRACEEXEC a later execve makes an event stop. Without it the
	// kernel would send a SIGTRAP that looks like the program's own.
	must("PTRACE_SETOPTIONS", unix.PtraceSetOptions(pid, unix.PTRACE_O_TRACEEXEC))

	// The stop of execve is a stop, but no instruction has been executed yet. Its
	// SIGTRAP is not delivered: it would kill the program.
	stops, instructions := 1, 0
	deliver := syscall.Signal(0)
	var ws unix.WaitStatus
	for {
		// Restart it, with that signal, for one instruction. ESRCH: it was killed.
		_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SINGLESTEP, uintptr(pid),
			0, uintptr(deliver), 0, 0)
		if errno != unix.ESRCH {
			must("PTRACE_SINGLESTEP", errno)
		}
		ws = waitFor(pid)
		if !ws.Stopped() {
			break
		}
		stops++

		// Which stop is it? Every signal that ptrace did not make is for the program:
		// a SIGSEGV that is not delivered would come back at every step, for ever.
		deliver = ws.StopSignal()
		var info unix.Siginfo
		_, _, errno = unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GETSIGINFO, uintptr(pid),
			0, uintptr(unsafe.Pointer(&info)), 0, 0)
		if errno == unix.EINVAL {
			// No siginfo: a group-stop, which a delivered SIGSTOP makes. Any restart
			// lets the tracee run on; but it should wait for SIGCONT, of which the
			// kernel tells us only after PTRACE_SEIZE. So look for it, or for its end.
			fmt.Println("group-stop until SIGCONT")
			for info.Signo == 0 {
				time.Sleep(10 * time.Millisecond)
				must("waitid", unix.Waitid(unix.P_PID, pid, &info,
					unix.WCONTINUED|unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil))
			}
			deliver = 0
		} else if deliver == unix.SIGTRAP {
			// A step has TRAP_TRACE, or TRAP_BRKPT if it was over a system call. For
			// int3 and raise the program's own SIGTRAP stands in the step's place. The
			// rest, the beginning of a signal handler and execve, executes nothing.
			why := info.Code
			if why == trapTRACE || why == trapBRKPT || why == siKERNEL || why == siTKILL {
				instructions++
			}
			// Its own: sent by a process (0 or less), or int3's.
			if own := why <= 0 || why == siKERNEL; !own {
				deliver = 0
			}
		}
	}
	// The system call exit was executed too, and no stop follows it.
	if ws.Exited() {
		instructions++
	}
	fmt.Printf("stops %d\n", stops)
	fmt.Printf("instructions %d\n", instructions)
	if ws.Exited() {
		fmt.Printf("wait status 0x%08x: exited with status %d\n", uint32(ws), ws.ExitStatus())
	} else {
		fmt.Printf("wait status 0x%08x: killed by signal %d\n", uint32(ws), ws.Signal())
	}
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
