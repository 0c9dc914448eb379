//go:build linux && amd64

// 08-breakpoints plants an int3 in a program, at the address in the environment variable
// AT or at its first instruction, and tells each hit. c/08-breakpoints.c is the same in C.
package main

import (
	"fmt"
	"log"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("08-breakpoints: ")
	// The tracer is one thread: keep this goroutine on it.
	runtime.LockOSThread()
	program := os.Args[1:]
	if len(program) == 0 {
		program = []string{"asm/bin/hello64"}
	}
	pid, _ := start(program)
	var regs unix.PtraceRegsAmd64
	must("PTRACE_GETREGS", unix.PtraceGetRegsAmd64(pid, &regs))
	at := uintptr(regs.Rip)
	if text := os.Getenv("AT"); text != "" {
		number, _ := strconv.ParseUint(text, 0, 64)
		at = uintptr(number)
	}

	// Plant: int3 over the first byte of an instruction. PtracePokeData makes the two
	// requests that a byte takes. PTRACE_O_TRACEEXEC: no SIGTRAP after each execve.
	must("PTRACE_SETOPTIONS", unix.PtraceSetOptions(pid, unix.PTRACE_O_TRACEEXEC))
	own, int3 := []byte{0}, []byte{0xcc}
	_, err := unix.PtracePeekData(pid, at, own)
	must("PTRACE_PEEKDATA", err)
	write(pid, at, int3)

	var ws unix.WaitStatus
	deliver, hits, request := syscall.Signal(0), 0, unix.PTRACE_CONT
	for {
		// Restart it, with a signal. ESRCH: it was killed, and the wait says so.
		_, _, errno := unix.Syscall6(unix.SYS_PTRACE, uintptr(request), uintptr(pid), 0, uintptr(deliver), 0, 0)
		if errno != unix.ESRCH {
			must("the restart", errno)
		}
		if ws = waitFor(pid); !ws.Stopped() {
			break
		}
		if ws.TrapCause() == unix.PTRACE_EVENT_EXEC {
			at, deliver, request = 0, 0, unix.PTRACE_CONT // other code: nothing is planted in it
			continue
		}
		stepped := request == unix.PTRACE_SINGLESTEP
		if stepped {
			write(pid, at, int3) // for the next time
		}
		deliver, request = ws.StopSignal(), unix.PTRACE_CONT
		var info unix.Siginfo
		_, _, errno = unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GETSIGINFO, uintptr(pid),
			0, uintptr(unsafe.Pointer(&info)), 0, 0)
		if errno == unix.EINVAL {
			// No siginfo: a group-stop. Take the int3 out, let it go, and reap it.
			if at != 0 {
				write(pid, at, own)
			}
			must("PTRACE_DETACH", unix.PtraceDetach(pid))
			ws = waitFor(pid)
			break
		}
		must("PTRACE_GETREGS", unix.PtraceGetRegsAmd64(pid, &regs))
		switch {
		case deliver == unix.SIGTRAP && stepped && (info.Code == 1 || info.Code == 2):
			deliver = 0 // the step. If a signal came first, the int3 is hit once more.
		case deliver == unix.SIGTRAP && info.Code == 0x80 && at != 0 && uintptr(regs.Rip)-1 == at:
			// Ours: rip is behind the int3. Any other signal is for the program.
			hits++
			fmt.Printf("hit %d: rip 0x%x, rdi 0x%x\n", hits, regs.Rip, regs.Rdi)
			// The byte back, rip back, and one step over the instruction.
			write(pid, at, own)
			regs.Rip--
			must("PTRACE_SETREGS", unix.PtraceSetRegsAmd64(pid, &regs))
			deliver, request = 0, unix.PTRACE_SINGLESTEP
		}
	}
	if ws.Exited() {
		fmt.Printf("wait status 0x%08x: exited with status %d\n", uint32(ws), ws.ExitStatus())
	} else {
		fmt.Printf("wait status 0x%08x: killed by signal %d\n", uint32(ws), ws.Signal())
	}
}

// write replaces a byte of the tracee.
func write(pid int, at uintptr, b []byte) {
	_, err := unix.PtracePokeData(pid, at, b)
	must("PTRACE_POKEDATA", err)
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
