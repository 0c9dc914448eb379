//go:build linux && amd64

// 05-attach looks at a process that runs already, and leaves it as it was found. It
// takes a PID; without one it starts asm/bin/ticker and kills it at the end.
// c/05-attach.c is the same in C.
package main

import (
	"fmt"
	"log"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("05-attach: ")
	// The tracer is one thread: keep this goroutine on it.
	runtime.LockOSThread()
	pid, started := 0, len(os.Args) < 2
	if started {
		pid = startTicker()
	} else {
		number, err := strconv.ParseInt(os.Args[1], 10, 32)
		if err != nil || number <= 0 {
			log.Fatalf("%s is not a process ID", os.Args[1])
		}
		pid = int(number)
	}
	before := state(pid)

	// PTRACE_SEIZE makes the thread with this ID our tracee, and does not stop it.
	must(fmt.Sprint("cannot attach to process ", pid), unix.PtraceSeize(pid))
	// PTRACE_INTERRUPT stops it, also in a system call. The wait reports the stop.
	must("PTRACE_INTERRUPT", unix.PtraceInterrupt(pid))
	ws := waitFor(pid)
	if !ws.Stopped() {
		log.Fatalf("process %d ended meanwhile", pid)
	}
	// PTRACE_GETREGS copies its registers. Nothing is printed while it is held: if
	// our reader were slow, a process that is not ours would wait for him.
	var regs unix.PtraceRegsAmd64
	must("PTRACE_GETREGS", unix.PtraceGetRegsAmd64(pid, &regs))

	// PTRACE_DETACH restarts it, untraced. PTRACE_EVENT_STOP is no signal. If a signal
	// came first, it is delivered now. A stopped process stays stopped.
	deliver := ws.StopSignal()
	if uint32(ws)>>16 == unix.PTRACE_EVENT_STOP {
		deliver = 0
	}
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_DETACH, uintptr(pid),
		0, uintptr(deliver), 0, 0)
	must("PTRACE_DETACH", errno)

	// It lives, and has no tracer. A process that was stopped runs a moment inside the
	// kernel before it is stopped again: give it up to a second.
	after := state(pid)
	for i := 0; i < 100 && before[0] == 'T' && after[0] != 'T'; i++ {
		time.Sleep(10 * time.Millisecond)
		after = state(pid)
	}
	fmt.Printf("process %d, state before: %s\n", pid, before)
	fmt.Printf("wait status 0x%08x, rip 0x%x, ORIG_RAX %d\n", uint32(ws), regs.Rip, int64(regs.Orig_rax))
	fmt.Printf("process %d, state after: %s\n", pid, after)

	if started {
		must("kill", unix.Kill(pid, unix.SIGKILL))
		ws = waitFor(pid)
		fmt.Printf("wait status 0x%08x: killed by signal %d\n", uint32(ws), ws.Signal())
	}
}

// startTicker starts an ordinary child, not a tracee. The kernel kills it if we die.
func startTicker() int {
	pid, err := syscall.ForkExec("asm/bin/ticker", []string{"ticker"}, &syscall.ProcAttr{
		Sys: &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL},
	})
	if err != nil {
		log.Printf("cannot run asm/bin/ticker: %v", err)
		os.Exit(127)
	}
	return pid
}

// state reads two lines of /proc/PID/status: "S (sleeping), TracerPid 0".
func state(pid int) string {
	state, tracer := "? (no such process)", "?"
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for _, line := range strings.Split(string(text), "\n") {
		if value, ok := strings.CutPrefix(line, "State:\t"); ok {
			state = value
		}
		if value, ok := strings.CutPrefix(line, "TracerPid:\t"); ok {
			tracer = value
		}
	}
	return state + ", TracerPid " + tracer
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
