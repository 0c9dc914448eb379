//go:build linux && amd64

// 11-children follows a program with all its children and threads, which it numbers, and
// tells how each begins and ends. c/11-children.c is the same in C.
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

var met, total = map[int]int{}, 0 // the tracees that live, by PID: their numbers

func main() {
	log.SetFlags(0)
	log.SetPrefix("11-children: ")
	// The tracer is one thread: keep this goroutine on it.
	runtime.LockOSThread()
	program := os.Args[1:]
	if len(program) == 0 {
		program = []string{"asm/bin/hello64"}
	}
	pid, ws := start(program)
	last, begun := map[int]unix.WaitStatus{}, map[int]bool{number(pid): true}
	// The kernel attaches to whom fork, vfork and clone make, with the same options.
	// PTRACE_O_EXITKILL kills all of them when we end, whatever ends us.
	must("PTRACE_SETOPTIONS", unix.PtraceSetOptions(pid, unix.PTRACE_O_EXITKILL|
		unix.PTRACE_O_TRACEFORK|unix.PTRACE_O_TRACEVFORK|unix.PTRACE_O_TRACECLONE|unix.PTRACE_O_TRACEEXEC))
	must("PTRACE_CONT", unix.PtraceCont(pid, 0))

	for {
		// Wait for any. ECHILD: nobody is left, and that alone is the end.
		pid, err := unix.Wait4(-1, &ws, unix.WALL, nil)
		if err == unix.EINTR {
			continue
		}
		if err == unix.ECHILD {
			break
		}
		must("wait4", err)
		n, event, deliver := number(pid), int(uint32(ws)>>16), syscall.Signal(0)
		message, _ := unix.PtraceGetEventMsg(pid)
		last[n] = ws
		switch {
		case !ws.Stopped():
			fmt.Printf("%d ends\n", n)
			delete(met, pid) // its number may be given away
			continue
		case event == unix.PTRACE_EVENT_EXEC:
			delete(met, int(message)) // a thread has come back
			met[pid] = n              // under the number of its process
			fmt.Printf("%d executes a program\n", n)
		case event != 0: // 1 fork, 2 vfork, 3 clone. The new one may have stopped already.
			fmt.Printf("%d makes %d, event %d\n", n, number(int(message)), event)
		case !begun[n]:
			begun[n] = true // its SIGSTOP is ours, and is dropped
		case !groupStop(pid):
			deliver = ws.StopSignal()
		}
		// Restart this one alone. ESRCH: it was killed, and a wait tells.
		if err := unix.PtraceCont(pid, int(deliver)); err != unix.ESRCH {
			must("PTRACE_CONT", err)
		}
	}
	if ws = last[1]; ws.Exited() {
		fmt.Printf("wait status 0x%08x: exited with status %d\n", uint32(ws), ws.ExitStatus())
	} else {
		fmt.Printf("wait status 0x%08x: killed by signal %d\n", uint32(ws), ws.Signal())
	}
}

// number is the number of a tracee, from 1: a new one if nobody knows it.
func number(pid int) int {
	if met[pid] == 0 {
		total++
		met[pid] = total
	}
	return met[pid]
}

// groupStop says whether pid is in a group-stop, and waits for its end: 04-count
// explains that.
func groupStop(pid int) bool {
	var info unix.Siginfo
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GETSIGINFO, uintptr(pid),
		0, uintptr(unsafe.Pointer(&info)), 0, 0)
	if errno != unix.EINVAL {
		return false
	}
	fmt.Println("group-stop until SIGCONT")
	for info.Signo = 0; info.Signo == 0; time.Sleep(10 * time.Millisecond) {
		must("waitid", unix.Waitid(unix.P_PID, pid, &info,
			unix.WCONTINUED|unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil))
	}
	return true
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
