//go:build linux && amd64

// 04-count steps a program from its first instruction to its end and counts twice: the
// stops, and the instructions that were executed. c/04-count.c is the same in C.
package main

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// si_code of a SIGTRAP.
const (
	trapBRKPT    = 1                             // a system call was stepped
	trapTRACE    = 2                             // another instruction was stepped
	handlerEntry = 5                             // a signal handler begins
	execEvent    = 5 | unix.PTRACE_EVENT_EXEC<<8 // an execve
	siKERNEL     = 0x80                          // int3: the program's own SIGTRAP
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

	// The stop of execve is a stop, but no instruction has been executed yet. Its
	// SIGTRAP is not delivered: it would kill the program.
	stops, instructions := 1, 0
	deliver := syscall.Signal(0)
	for {
		// Restart it, with that signal, for one instruction. ESRCH: it was killed.
		_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SINGLESTEP, uintptr(pid),
			0, uintptr(deliver), 0, 0)
		if errno != 0 && errno != unix.ESRCH {
			must("PTRACE_SINGLESTEP", errno)
		}
		_, err = unix.Wait4(pid, &ws, unix.WALL, nil)
		must("wait4", err)
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
		switch {
		case errno != 0:
			deliver = 0 // EINVAL: a group-stop, which has no signal
		case deliver != unix.SIGTRAP:
		case info.Code == trapBRKPT || info.Code == trapTRACE:
			instructions++
			deliver = 0
		case info.Code == handlerEntry || info.Code == execEvent:
			deliver = 0 // nothing was executed
		case info.Code == siKERNEL:
			instructions++
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

// must ends the program with one sentence if err is not nil.
func must(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "04-count: %s: %v\n", what, err)
		os.Exit(1)
	}
}
