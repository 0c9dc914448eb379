//go:build linux && amd64

// 07-memory reads and writes the first code of a program: by words, by
// process_vm_readv and process_vm_writev, and as the file /proc/PID/mem. It leaves the
// code as it was. c/07-memory.c is the same in C.
package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"runtime"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("07-memory: ")
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
	fmt.Printf("the page of the first instruction: %s\n", rightsAt(pid, at))

	// A byte takes two requests: read the word that begins with it, change its lowest
	// byte, write it. PTRACE_POKEDATA writes to code too: the process gets a copy of
	// the page. The raw system call stores the word where its last argument points.
	word := peek(pid, at)
	poke(pid, at, word&^0xff|0xcc)

	// process_vm_readv copies many bytes at once.
	bytes := make([]byte, 8)
	here := []unix.Iovec{{Base: &bytes[0], Len: 8}}
	there := []unix.RemoteIovec{{Base: at, Len: 8}}
	got, _ := unix.ProcessVMReadv(pid, here, there, 0)
	fmt.Printf("process_vm_readv: %d bytes, the first is 0x%02x\n", got, bytes[0])

	// Its twin keeps to the rights of the page, and may not write to code.
	binary.LittleEndian.PutUint64(bytes, word)
	_, err := unix.ProcessVMWritev(pid, here, there, 0)
	errno, _ := err.(syscall.Errno)
	fmt.Printf("process_vm_writev: errno %d; EFAULT is %d\n", int(errno), int(unix.EFAULT))

	// The file /proc/PID/mem may. Here the kernel can be told to refuse that too.
	mem, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", pid), os.O_RDWR, 0)
	if err == nil {
		_, err = mem.WriteAt(bytes[:1], int64(at))
	}
	if err != nil {
		poke(pid, at, word)
	}
	same := map[bool]string{true: "yes", false: "no"}[peek(pid, at) == word]
	fmt.Printf("it is as it was: %s\n", same)

	// Let it go, and reap it: the wait that follows reports how it ended.
	must("PTRACE_DETACH", unix.PtraceDetach(pid))
	ws := waitFor(pid)
	if ws.Exited() {
		fmt.Printf("wait status 0x%08x: exited with status %d\n", uint32(ws), ws.ExitStatus())
	} else {
		fmt.Printf("wait status 0x%08x: killed by signal %d\n", uint32(ws), ws.Signal())
	}
}

// peek reads one word, 8 bytes, of the tracee's memory.
func peek(pid int, at uintptr) (word uint64) {
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_PEEKDATA, uintptr(pid),
		at, uintptr(unsafe.Pointer(&word)), 0, 0)
	must("PTRACE_PEEKDATA", errno)
	return word
}

// poke writes one word.
func poke(pid int, at uintptr, word uint64) {
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_POKEDATA, uintptr(pid),
		at, uintptr(word), 0, 0)
	must("PTRACE_POKEDATA", errno)
}

// rightsAt is the rights of the page at an address, "r-xp", from /proc/PID/maps.
func rightsAt(pid int, at uintptr) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	for line := range strings.Lines(string(text)) {
		var begin, end uintptr
		var rights string
		n, _ := fmt.Sscanf(line, "%x-%x %s", &begin, &end, &rights)
		if n == 3 && begin <= at && at < end {
			return rights
		}
	}
	return "?"
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
