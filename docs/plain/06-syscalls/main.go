//go:build linux && amd64

// 06-syscalls prints the system calls of a program: number, three arguments, result.
// c/06-syscalls.c is the same in C.
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

// syscallInfo is struct ptrace_syscall_info of <linux/ptrace.h>.
type syscallInfo struct {
	op     uint8 // 1: entry, 2: exit
	arch   uint32
	rip    uint64
	rsp    uint64
	nr     int64 // at exit: the result
	args   [6]uint64
	filter uint64
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("06-syscalls: ")
	// The tracer is one thread: keep this goroutine on it.
	runtime.LockOSThread()
	program := os.Args[1:]
	if len(program) == 0 {
		program = []string{"asm/bin/hello64"}
	}
	pid, _ := start(program)

	// PTRACE_O_TRACESYSGOOD marks the stops of calls by bit 7 of their signal. Without
	// PTRACE_O_TRACEEXEC the kernel would send a SIGTRAP after each execve.
	must("PTRACE_SETOPTIONS", unix.PtraceSetOptions(pid, unix.PTRACE_O_TRACESYSGOOD|unix.PTRACE_O_TRACEEXEC))
	deliver := syscall.Signal(0)
	var ws unix.WaitStatus
	for {
		// Restart it, with a signal, to the next entry or exit. ESRCH: it was killed.
		_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SYSCALL, uintptr(pid),
			0, uintptr(deliver), 0, 0)
		if errno != unix.ESRCH {
			must("PTRACE_SYSCALL", errno)
		}
		ws = waitFor(pid)
		if !ws.Stopped() {
			break
		}
		deliver = 0
		if ws.StopSignal() == unix.SIGTRAP|0x80 {
			// PTRACE_GET_SYSCALL_INFO says which of the two it is. Counting does
			// not: exit has no exit, and an interrupted call begins twice.
			var info syscallInfo
			_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GET_SYSCALL_INFO,
				uintptr(pid), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0)
			if errno != unix.ESRCH {
				must("PTRACE_GET_SYSCALL_INFO", errno)
			}
			switch {
			case errno != 0: // it was killed: the wait says so
			case info.op == unix.PTRACE_SYSCALL_INFO_ENTRY:
				fmt.Printf("%d(0x%x, 0x%x, 0x%x)\n", info.nr, info.args[0], info.args[1], info.args[2])
			default:
				fmt.Printf("  = %d\n", info.nr)
			}
			continue
		}
		if ws.TrapCause() == unix.PTRACE_EVENT_EXEC {
			continue // the stop inside an execve: no signal waits
		}
		// Every other stop is a signal's, which is for the program.
		var info unix.Siginfo
		deliver = ws.StopSignal()
		_, _, errno = unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GETSIGINFO, uintptr(pid),
			0, uintptr(unsafe.Pointer(&info)), 0, 0)
		if errno == unix.EINVAL {
			// No siginfo: a group-stop. 04-count explains what is done here.
			fmt.Println("group-stop until SIGCONT")
			for info.Signo == 0 {
				time.Sleep(10 * time.Millisecond)
				must("waitid", unix.Waitid(unix.P_PID, pid, &info,
					unix.WCONTINUED|unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil))
			}
			deliver = 0
		} else {
			fmt.Printf("signal %d\n", deliver)
		}
	}
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
