package cmdtest

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
)

// Target is a process with counters in its memory, which have to go on rising. As a
// rule ptwalk has not started it.
type Target struct {
	PID      int
	Counters []int64 // their addresses

	t       testing.TB
	process *os.Process // nil if it is no child of ours, or reaped
	mem     *os.File
}

func (k *Target) String() string { return strconv.Itoa(k.PID) }

// Ticker starts a ticker, and returns when it has counted.
func Ticker(t testing.TB) *Target { t.Helper(); return bundled(t, asm.Ticker, "counter", 1) }

// Tickers starts the ticker with four threads.
func Tickers(t testing.TB) *Target { t.Helper(); return bundled(t, asm.Tickers, "counters", 4) }

func bundled(t testing.TB, a asm.Target, symbol string, n int) *Target {
	t.Helper()
	image, err := a.Open()
	Must(t, err)
	defer image.Close()
	file, err := a.ELF()
	Must(t, err)
	k := Launch(t, nil, image.Path(), a.Name)
	at := Address(t, file, symbol)
	for i := range n {
		k.Counters = append(k.Counters, at+int64(8*i))
	}
	k.Ticks()
	return k
}

// Address is where a symbol of a program is that is loaded where its file says.
func Address(t testing.TB, file *elf.File, symbol string) int64 {
	t.Helper()
	symbols, err := file.Symbols()
	Must(t, err)
	for _, s := range symbols {
		if s.Name == symbol {
			return int64(s.Value)
		}
	}
	t.Fatalf("there is no symbol %s", symbol)
	return 0
}

// Program starts a program that counts in the symbol counter, and returns when it
// has counted.
func Program(t testing.TB, path string, args ...string) *Target {
	t.Helper()
	file, err := elf.Open(path)
	Must(t, err)
	defer file.Close()
	k := Launch(t, nil, path, append([]string{filepath.Base(path)}, args...)...)
	k.Counters = []int64{Address(t, file, "counter")}
	k.Ticks()
	return k
}

// Launch starts a program in a process group of its own, with its standard output
// and error at /dev/null, and its input too if stdin is nil. It is killed at the end
// of the test.
func Launch(t testing.TB, stdin *os.File, path string, argv ...string) *Target {
	t.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	Must(t, err)
	defer null.Close()
	if stdin == nil {
		stdin = null
	}
	process, err := os.StartProcess(path, argv, &os.ProcAttr{
		Files: []*os.File{stdin, null, null}, Sys: &syscall.SysProcAttr{Setpgid: true}})
	Must(t, err)
	t.Cleanup(func() {
		process.Kill()
		process.Wait()
	})
	k := Watch(t, process.Pid)
	k.process = process
	return k
}

// Watch looks at the memory of a process that somebody has started.
func Watch(t testing.TB, pid int, counters ...int64) *Target {
	t.Helper()
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	Must(t, err)
	t.Cleanup(func() { mem.Close() })
	return &Target{PID: pid, Counters: counters, t: t, mem: mem}
}

// Word reads 8 bytes of the target's memory; false if they are not there.
func (k *Target) Word(at int64) (uint64, bool) {
	var b [8]byte
	_, err := k.mem.ReadAt(b[:], at)
	return binary.LittleEndian.Uint64(b[:]), err == nil
}

// Ticks waits until each counter has risen twice: it may have done so once
// before a stop that it does not leave.
//
// While execve loads a program, its .bss shows the bytes of the file that follow
// .data in the page, until the kernel has cleared them. A counter that falls is
// counted from there.
func (k *Target) Ticks() {
	k.t.Helper()
	for _, at := range k.Counters {
		first, known := k.Word(at)
		Await(k.t, fmt.Sprintf("the counter of %s rises", Describe(k.PID)), func() bool {
			now, ok := k.Word(at)
			if ok && (!known || now < first) {
				first, known = now, true
			}
			return ok && now >= first+2
		})
	}
}

// Rests waits until the first counter has not risen for 30 of the ticker's turns.
func (k *Target) Rests() {
	k.t.Helper()
	last, since := uint64(0), time.Now()
	Await(k.t, "the counter rests", func() bool {
		now, _ := k.Word(k.Counters[0])
		if now != last {
			last, since = now, time.Now()
		}
		return time.Since(since) > 150*time.Millisecond
	})
}

// Runs: nobody traces it, and it counts.
func (k *Target) Runs() {
	k.t.Helper()
	if tracer := Status(k.PID, "TracerPid"); tracer != "0" {
		k.t.Errorf("process %s has the tracer %q", Describe(k.PID), tracer)
	}
	k.Ticks()
}

// Unharmed: nobody traces it, it runs, and SIGTERM is what it ends by.
func (k *Target) Unharmed() {
	k.t.Helper()
	k.Runs()
	k.EndsBy(syscall.SIGTERM)
}

// EndsBy sends a signal and checks that this is its end.
func (k *Target) EndsBy(sig syscall.Signal) {
	k.t.Helper()
	Must(k.t, k.process.Signal(sig))
	if ws := k.Ended(); !ws.Signaled() || ws.Signal() != sig {
		k.t.Errorf("%s was sent, and its end was: %#x", sig, ws)
	}
}

// Ended waits for the end of the process, and returns its wait status.
func (k *Target) Ended() syscall.WaitStatus {
	k.t.Helper()
	state, err := k.process.Wait()
	Must(k.t, err)
	return state.Sys().(syscall.WaitStatus)
}

// Signal sends a signal.
func (k *Target) Signal(sig syscall.Signal) {
	k.t.Helper()
	Must(k.t, syscall.Kill(k.PID, sig))
}

// Takes sends a signal and waits until it is no longer pending: it was delivered, or
// dropped.
func (k *Target) Takes(sig syscall.Signal) {
	k.t.Helper()
	k.Signal(sig)
	Await(k.t, fmt.Sprintf("%v is not pending", sig), func() bool { return !Pending(k.PID, sig) })
}

// Pending says whether a signal waits for a process or for its first thread.
func Pending(pid int, sig syscall.Signal) bool {
	for _, field := range []string{"SigPnd", "ShdPnd"} {
		set, err := strconv.ParseUint(Status(pid, field), 16, 64)
		if err == nil && set>>(sig-1)&1 != 0 {
			return true
		}
	}
	return false
}

// Subject is a process to attach to that become has made, and that says when it is
// there. It lives until the end of the test.
type Subject struct {
	PID int

	t   testing.TB
	cmd *exec.Cmd
}

func (s *Subject) String() string { return strconv.Itoa(s.PID) }

// Become starts a process that changes itself.
func Become(t testing.TB, changes string) *Subject {
	t.Helper()
	s := &Subject{t: t, cmd: exec.Command("become", strings.Fields(changes)...)}
	s.cmd.Stderr = os.Stderr
	in, err := s.cmd.StdinPipe()
	Must(t, err)
	out, err := s.cmd.StdoutPipe()
	Must(t, err)
	Must(t, s.cmd.Start())
	t.Cleanup(func() {
		in.Close()
		s.Kill()
		s.Reap()
	})
	line := make([]byte, len("here\n"))
	if _, err := io.ReadFull(out, line); err != nil {
		t.Fatalf("become %s: %v", changes, err)
	}
	s.PID = s.cmd.Process.Pid
	return s
}

// Kill kills it. It stays a zombie until Reap.
func (s *Subject) Kill() { s.cmd.Process.Kill() }

// Reap waits for its end.
func (s *Subject) Reap() { s.cmd.Wait() }

// Untouched: nobody traces it, and it neither ended nor stopped.
func (s *Subject) Untouched() {
	s.t.Helper()
	if tracer := Status(s.PID, "TracerPid"); tracer != "0" {
		s.t.Errorf("process %s has the tracer %q", Describe(s.PID), tracer)
	}
	Await(s.t, fmt.Sprintf("%s lives as before", Describe(s.PID)), func() bool { return livesOn(s.PID) })
}

// livesOn says whether a process runs or sleeps.
func livesOn(pid int) bool {
	state := Status(pid, "State")
	return state != "" && strings.Contains("RS", state[:1])
}
