package cmdtest

import (
	"debug/elf"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Under starts a program that counts in the symbol counter by a command, such as
// ptwalk count, or natively where the command is "". It returns when the program has
// counted.
func Under(t testing.TB, command string, program []string, options ...Option) (*Job, *Target) {
	t.Helper()
	file, err := elf.Open(program[0])
	Must(t, err)
	defer file.Close()
	j := Start(t, append(strings.Fields(command), program...), append(options, Quiet)...)
	pid := 0
	Await(t, "the program has started", func() bool { // until its execve, it has our code
		for _, pid = range append(Children(j.PID), j.PID) {
			if exe, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); exe == program[0] {
				return true
			}
		}
		return false
	})
	k := Watch(t, pid, Address(t, file, "counter"))
	k.Ticks()
	return j, k
}

// Handlers is a program that counts the signals that its handlers get.
type Handlers struct {
	*Target
	job    *Job
	counts int64  // the address of a counter for each signal
	end    string // the file by which it ends
}

// StartHandlers starts it by a command, or natively where the command is "".
func StartHandlers(t testing.TB, command string) *Handlers {
	t.Helper()
	path := Compile(t, "signals")
	file, err := elf.Open(path)
	Must(t, err)
	defer file.Close()
	h := &Handlers{counts: Address(t, file, "counts"), end: filepath.Join(t.TempDir(), "end")}
	h.job, h.Target = Under(t, command, []string{path, h.end})
	return h
}

// End ends the program, and returns the exit status of the command.
func (h *Handlers) End() int {
	h.t.Helper()
	Must(h.t, os.WriteFile(h.end, nil, 0o600))
	e := h.job.End()
	e.LeftNothing(h.t)
	return e.Status
}

// SendAll sends each signal from 1 to 31 that a handler can get three times, when
// the one before it has been handled, and each real-time signal five times at once.
// It compares what the handlers have counted with what was sent.
func (h *Handlers) SendAll() {
	h.t.Helper()
	sent, had := map[syscall.Signal]uint64{}, map[syscall.Signal]uint64{}
	handled := func(sig syscall.Signal) uint64 {
		n, _ := h.Word(h.counts + 8*int64(sig))
		return n - had[sig]
	}
	for sig := syscall.Signal(1); sig <= 64; sig++ {
		had[sig] = handled(sig)
	}
	for sig := syscall.Signal(1); sig <= 31; sig++ {
		for sig != syscall.SIGKILL && sig != syscall.SIGSTOP && sent[sig] < 3 {
			sent[sig]++
			h.Signal(sig)
			Await(h.t, fmt.Sprintf("%v is handled", sig), func() bool { return handled(sig) >= sent[sig] })
		}
	}
	for sig := syscall.Signal(32); sig <= 64; sig++ {
		for sent[sig] < 5 {
			sent[sig]++
			h.Signal(sig)
		}
	}
	for sig, n := range sent {
		Await(h.t, fmt.Sprintf("signal %d is handled", int(sig)), func() bool { return handled(sig) >= n })
	}
	for sig := syscall.Signal(1); sig <= 64; sig++ {
		if got := handled(sig); got != sent[sig] {
			h.t.Errorf("signal %d: the handler ran %d times, and %d were sent", int(sig), got, sent[sig])
		}
	}
}
