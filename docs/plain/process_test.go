//go:build linux && amd64

package plain_test

import (
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// killedTracer kills 03-singlestep while it steps a program that has no end.
func killedTracer(t *testing.T, dir string) {
	cmd := exec.Command(filepath.Join(dir, "03-singlestep"), target("ticker"))
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	// Its first line says that the tracee is there. Then the pipe fills up, and it waits.
	if _, err := stdout.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	child, _ := childOf(cmd.Process.Pid)
	if child == 0 {
		t.Fatal("it has no child")
	}
	// A pidfd becomes readable when its process has ended.
	fd, err := unix.PidfdOpen(child, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	n, err := unix.Poll(poll, int(deadline.Milliseconds()))
	for err == unix.EINTR {
		n, err = unix.Poll(poll, int(deadline.Milliseconds()))
	}
	if n != 1 || err != nil {
		unix.Kill(child, unix.SIGKILL)
		t.Errorf("the tracee %d lives on: %d, %v", child, n, err)
	}
}

// childOf finds the only child of a process, and its state, in /proc/PID/stat. The
// child is 0 if there is none.
func childOf(parent int) (child int, state string) {
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		text, _ := os.ReadFile(file) // it may be gone: then it is not the one
		head, tail, _ := strings.Cut(string(text), " (")
		tail = tail[strings.LastIndex(tail, ")")+1:] // a name may hold anything
		var ppid int
		if _, err := fmt.Sscan(tail, &state, &ppid); err == nil && ppid == parent {
			fmt.Sscan(head, &child)
			return child, state
		}
	}
	return 0, ""
}

// startTicker starts the ticker, which is killed at the end of the test at the latest.
func startTicker(t *testing.T) *os.Process {
	t.Helper()
	ticker, err := os.StartProcess(target("ticker"), []string{"ticker"}, &os.ProcAttr{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ticker.Kill() // an error means that the test has reaped it
		ticker.Wait()
	})
	return ticker
}

// ticks waits until the counter of a ticker has changed.
func ticks(t *testing.T, pid int) {
	t.Helper()
	counter := symbolOf(t, "ticker", "counter")
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	var first, now [8]byte
	if _, err := memory.ReadAt(first[:], int64(counter)); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(deadline); ; time.Sleep(time.Millisecond) {
		if _, err := memory.ReadAt(now[:], int64(counter)); err != nil {
			t.Fatal(err)
		}
		if now != first {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("process %d does not tick", pid)
		}
	}
}

// symbolOf is the address of a symbol of a bundled program.
func symbolOf(t *testing.T, program, name string) uint64 {
	t.Helper()
	file, err := elf.Open(target(program))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	symbols, err := file.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(symbols, func(s elf.Symbol) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("%s has no symbol %s", program, name)
	}
	return symbols[i].Value
}

// endsBy sends the signal, and checks that this is what the process ends by.
func endsBy(t *testing.T, process *os.Process, signal syscall.Signal) {
	t.Helper()
	if err := process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	state, err := process.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if ws := state.Sys().(syscall.WaitStatus); !ws.Signaled() || ws.Signal() != signal {
		t.Errorf("it has ended by itself: %v", state)
	}
}
