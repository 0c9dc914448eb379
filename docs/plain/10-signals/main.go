//go:build linux && amd64

// 10-signals prints each signal that a program gets: who has sent it, what is blocked, and
// how many wait. It passes all of them on. c/10-signals.c is the same in C.
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

// siginfo is the begin of the kernel's siginfo_t.
type siginfo struct {
	signo, errno, code, _ int32
	pid                   int32
	_                     [108]byte
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("10-signals: ")
	// The tracer is one thread: keep this goroutine on it.
	runtime.LockOSThread()
	program := os.Args[1:]
	if len(program) == 0 {
		program = []string{"asm/bin/told"}
	}
	pid, _ := start(program)

	// Without PTRACE_O_TRACEEXEC the kernel would send a SIGTRAP after each execve.
	must("PTRACE_SETOPTIONS", unix.PtraceSetOptions(pid, unix.PTRACE_O_TRACEEXEC))
	deliver := syscall.Signal(0)
	var ws unix.WaitStatus
	for {
		// Restart it, with a signal, to the next one. ESRCH: it was killed.
		if err := unix.PtraceCont(pid, int(deliver)); err != unix.ESRCH {
			must("PTRACE_CONT", err)
		}
		ws = waitFor(pid)
		if !ws.Stopped() {
			break
		}
		deliver = 0
		if ws.TrapCause() == unix.PTRACE_EVENT_EXEC {
			continue // the stop inside an execve: no signal waits
		}
		var info siginfo
		_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GETSIGINFO, uintptr(pid),
			0, uintptr(unsafe.Pointer(&info)), 0, 0)
		if errno == unix.EINVAL {
			// No siginfo: a group-stop. 04-count explains what is done here.
			fmt.Println("group-stop until SIGCONT")
			var ended unix.Siginfo
			for ended.Signo == 0 {
				time.Sleep(10 * time.Millisecond)
				must("waitid", unix.Waitid(unix.P_PID, pid, &ended,
					unix.WCONTINUED|unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil))
			}
			continue
		}
		// A signal. si_pid is the sender where si_code is not above 0. The set of
		// blocked signals has bit n-1 for signal n.
		var blocked uint64
		from := "another"
		switch {
		case info.code > 0:
			from = "the kernel"
		case int(info.pid) == pid:
			from = "itself"
		}
		deliver = ws.StopSignal()
		unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GETSIGMASK, uintptr(pid),
			unsafe.Sizeof(blocked), uintptr(unsafe.Pointer(&blocked)), 0, 0)
		fmt.Printf("signal %d, si_code %d, from %s; blocked 0x%x, waiting %d\n", deliver, info.code,
			from, blocked, waiting(pid, 0)+waiting(pid, unix.PTRACE_PEEKSIGINFO_SHARED))
	}
	if ws.Exited() {
		fmt.Printf("wait status 0x%08x: exited with status %d\n", uint32(ws), ws.ExitStatus())
	} else {
		fmt.Printf("wait status 0x%08x: killed by signal %d\n", uint32(ws), ws.Signal())
	}
}

// waiting is how many signals wait for the thread, or for its process: 64 at most.
func waiting(pid int, flags uint32) int {
	var infos [64]siginfo
	args := [2]uint64{0, 64<<32 | uint64(flags)} // off; flags and nr, 4 bytes each
	got, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_PEEKSIGINFO, uintptr(pid),
		uintptr(unsafe.Pointer(&args)), uintptr(unsafe.Pointer(&infos)), 0, 0)
	if errno != 0 {
		return 0
	}
	return int(got)
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
