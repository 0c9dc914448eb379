package main

import (
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
)

// Signals.

// standard are signals 1 to 31 without those that no handler gets.
func standard() (all []syscall.Signal) {
	for sig := syscall.Signal(1); sig <= 31; sig++ {
		if sig != syscall.SIGKILL && sig != syscall.SIGSTOP {
			all = append(all, sig)
		}
	}
	return all
}

// sendAll sends each standard signal three times, when the one before it has
// been handled, and each real-time signal five times at once. It compares what
// the handlers have counted with what was sent.
func sendAll(t *testing.T, k *target, counts int64) {
	t.Helper()
	count := func(sig syscall.Signal) uint64 {
		n, _ := k.word(counts + 8*int64(sig))
		return n
	}
	want := map[syscall.Signal]uint64{}
	for _, sig := range standard() {
		for range 3 {
			want[sig]++
			must(t, syscall.Kill(k.pid, sig))
			await(t, fmt.Sprintf("%v is handled", sig), func() bool { return count(sig) >= want[sig] })
		}
	}
	for sig := syscall.Signal(32); sig <= 64; sig++ {
		for range 5 {
			want[sig]++
			must(t, syscall.Kill(k.pid, sig))
		}
	}
	for sig, n := range want {
		await(t, fmt.Sprintf("signal %d is handled", int(sig)), func() bool { return count(sig) >= n })
	}
	k.counters = nil
	for sig := syscall.Signal(1); sig <= 64; sig++ {
		if got := count(sig); got != want[sig] {
			t.Errorf("signal %d: the handler ran %d times, and %d were sent", int(sig), got, want[sig])
		}
	}
}

// handlers starts the program that counts its signals, by a command or natively,
// and returns it when its handlers are there. The function ends it.
func handlers(t *testing.T, command ...string) (k *target, counts int64, end func() int) {
	t.Helper()
	path := compile(t, "signals")
	image, err := elf.Open(path)
	must(t, err)
	defer image.Close()
	counts = addressOf(t, image, "counts")
	last := filepath.Join(t.TempDir(), "end")
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	must(t, err)
	j := start(t, append(command, path, last), stdout(null))
	null.Close()
	k = &target{t: t, pid: j.pid, reaped: true}
	if len(command) > 0 {
		await(t, "the program has started", func() bool {
			for _, child := range childrenOf(j.pid) {
				k.pid = child
			}
			return k.pid != j.pid
		})
	}
	k.counters = []int64{addressOf(t, image, "counter")}
	await(t, "the program is there", func() bool { // until its execve, the process has our code
		exe, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", k.pid))
		return exe == path
	})
	k.mem, err = os.Open(fmt.Sprintf("/proc/%d/mem", k.pid))
	must(t, err)
	t.Cleanup(func() { k.mem.Close() })
	k.ticks()
	return k, counts, func() int {
		must(t, os.WriteFile(last, nil, 0o600))
		e := j.end()
		e.leftNothing(t)
		return e.Status
	}
}

// The program without us shows that the test itself counts right.
func TestD01EverySignalOnce(t *testing.T) {
	needsPtrace(t)
	for _, command := range []string{"", "ptwalk count", "ptwalk step --plain --limit 1000000000", "ptwalk step --plain --limit 1"} {
		t.Run(command, func(t *testing.T) {
			k, counts, end := handlers(t, words(command)...)
			sendAll(t, k, counts)
			if status := end(); status != 0 {
				t.Errorf("status %d, want 0", status)
			}
		})
	}
}

// The process is attached to again and again while the signals come.
func TestD01EverySignalOnceWhileAttached(t *testing.T) {
	needsPtrace(t)
	k, counts, end := handlers(t)
	done := make(chan struct{})
	attached := make(chan int)
	go func() {
		n := 0
		for ; ; n++ {
			select {
			case <-done:
				attached <- n
				return
			default:
				exec.Command("ptwalk", "attach", k.String()).Run()
			}
		}
	}()
	for range 3 {
		before := make([]uint64, 65)
		for sig := range before {
			before[sig], _ = k.word(counts + 8*int64(sig))
		}
		for sig := range before { // from zero again
			k.zero(counts + 8*int64(sig))
		}
		sendAll(t, k, counts)
	}
	close(done)
	if n := <-attached; n < 2 {
		t.Errorf("the process was attached to %d times, which shows nothing", n)
	}
	if status := end(); status != 0 {
		t.Errorf("status %d, want 0", status)
	}
}

// zero writes a word of the target's memory.
func (k *target) zero(at int64) {
	k.t.Helper()
	mem, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", k.pid), os.O_RDWR, 0)
	must(k.t, err)
	defer mem.Close()
	_, err = mem.WriteAt(make([]byte, 8), at)
	must(k.t, err)
}

func TestD02FatalSignals(t *testing.T) {
	needsPtrace(t)
	for _, sig := range []string{"TERM", "SEGV", "ABRT", "KILL", "PIPE", "USR1", "TRAP", "RTMIN"} {
		native := session(t, []string{"sh", "-c", "ulimit -c 0; exec sh -c 'kill -" + sig + " $$'"})
		if native.Status <= 128 {
			t.Skipf("sh does not know %s", sig)
		}
		traced := session(t, []string{"sh", "-c", "ulimit -c 0; exec ptwalk step --limit 1 sh -c 'kill -" + sig + " $$'"})
		if traced.Status != native.Status {
			t.Errorf("SIG%s: status %d, want %d\n%s", sig, traced.Status, native.Status, traced.Stderr)
		}
	}
	for _, tool := range tools {
		exits(t, tool, 128+int(syscall.SIGSEGV), file(t, "crash", asm.Crash.Bytes(), 0o755))
	}
}

// The program's own breakpoint reaches its handler each time, and without one it
// kills.
func TestD04OwnInt3(t *testing.T) {
	needsPtrace(t)
	program := compile(t, "int3")
	for _, tool := range append(tools, "ptwalk step --plain --limit 100000", "ptwalk count -f") {
		exits(t, tool, 44, program, "handler")
		exits(t, tool, 128+int(syscall.SIGTRAP), program)
	}
}

// A traced program really stops for SIGSTOP and SIGTSTP, and wakes at SIGCONT.
func TestD05StopSignals(t *testing.T) {
	needsPtrace(t)
	for _, command := range []string{"ptwalk count", "ptwalk step --plain --limit 1000000000", "ptwalk step --plain --limit 1"} {
		t.Run(command, func(t *testing.T) {
			j := start(t, append(words(command), file(t, "ticker", asm.Ticker.Bytes(), 0o755)), func(c *exec.Cmd) { c.Stdout = nil })
			k := tracedTicker(t, j)
			for _, sig := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGTSTP} {
				must(t, syscall.Kill(k.pid, sig))
				k.rests()
				must(t, syscall.Kill(k.pid, syscall.SIGCONT))
				k.ticks()
			}
			must(t, syscall.Kill(k.pid, syscall.SIGTERM))
			e := j.end()
			e.leftNothing(t)
			if e.Status != 128+int(syscall.SIGTERM) {
				t.Errorf("status %d, want 143\n%s", e.Status, e.Stderr)
			}
		})
	}
}

// tracedTicker finds the ticker that ptwalk has started, when it has counted.
func tracedTicker(t *testing.T, j *job) *target {
	t.Helper()
	k := &target{t: t, reaped: true}
	await(t, "the ticker has started", func() bool {
		for _, child := range childrenOf(j.pid) {
			k.pid = child
		}
		return k.pid != 0 && statusOf(k.pid, "Name") == "ticker"
	})
	var err error
	k.mem, err = os.Open(fmt.Sprintf("/proc/%d/mem", k.pid))
	must(t, err)
	t.Cleanup(func() { k.mem.Close() })
	image, err := asm.Ticker.ELF()
	must(t, err)
	k.counters = []int64{addressOf(t, image, "counter")}
	k.ticks()
	return k
}

// rests waits until the counter has not risen for 30 of its turns.
func (k *target) rests() {
	k.t.Helper()
	last, since := uint64(0), time.Now()
	await(k.t, "the counter rests", func() bool {
		now, _ := k.word(k.counters[0])
		if now != last {
			last, since = now, time.Now()
		}
		return time.Since(since) > 150*time.Millisecond
	})
}

// The terminal sends SIGINT to the program and to us. The program gets one: it
// ends by itself, or is killed when its time is over.
func TestD07CtrlCAtATerminal(t *testing.T) {
	needsPtrace(t)
	once := compile(t, "once")
	for _, command := range []string{"ptwalk count", "ptwalk step --limit 3", "ptwalk step --no-pause --limit 100000"} {
		t.Run(command, func(t *testing.T) {
			for range 20 { // a slow machine may not come to the handler in 200 ms
				p := openPty(t)
				j := start(t, append(words(command), once), p.on)
				p.shows("ready")
				p.types("\x03")
				e := j.end()
				e.leftNothing(t)
				p.unchanged()
				if e.Status != 41 && e.Status != 130 {
					t.Fatalf("status %d, want 41 for one SIGINT, or 130\n%s", e.Status, p.shown())
				}
				switch n := strings.Count(p.shown(), "caught\r\n"); {
				case n > 1:
					t.Fatalf("one Ctrl-C, and %d signals\n%s", n, p.shown())
				case n == 1:
					return
				}
			}
			t.Errorf("the program has never had the SIGINT")
		})
	}
}

// A program that does not end by SIGINT is killed.
func TestD07CtrlCIsLate(t *testing.T) {
	needsPtrace(t)
	for _, command := range []string{"ptwalk count", "ptwalk step --limit 3"} {
		p := openPty(t)
		j := start(t, append(words(command), "sh", "-c", "trap '' INT; echo ready; while :; do sleep 1; done"), p.on)
		p.shows("ready\r\n")
		sent := time.Now()
		p.types("\x03")
		e := j.end()
		if took := time.Since(sent); took > soon || e.Status != 130 {
			t.Errorf("%s: status %d after %v, want 130 within a second\n%s", command, e.Status, took, p.shown())
		}
		p.unchanged()
	}
}

// Each lesson waits at its questions, and Ctrl-C leaves it there.
func TestD07CtrlCAtAQuestion(t *testing.T) {
	needsPtrace(t)
	for _, lesson := range []string{"1", "2", "3", "4", "5"} {
		p := openPty(t)
		j := start(t, []string{"ptwalk", lesson}, p.on)
		p.shows("Enter")
		sent := time.Now()
		p.types("\x03")
		e := j.end()
		if took := time.Since(sent); took > soon || e.Status != 130 {
			t.Errorf("lesson %s: status %d after %v, want 130 within a second", lesson, e.Status, took)
		}
		e.leftNothing(t)
		p.unchanged()
	}
}

// SIGTSTP to ptwalk: it may stop, and the process that it looks at may not.
func TestD08CtrlZ(t *testing.T) {
	needsPtrace(t)
	r := seeded(t)
	k := startTickers(t)
	stopped := 0
	for range 25 {
		// A group of its own, whose parent is in the same session: it is not orphaned.
		j := start(t, []string{"ptwalk", "attach", k.String()},
			func(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} })
		time.Sleep(anyMoment(r) / 2)
		j.signal(syscall.SIGTSTP)
		await(t, "ptwalk stops or ends", func() bool {
			state := statusOf(j.pid, "State")
			return state == "" || strings.HasPrefix(state, "T") || strings.HasPrefix(state, "Z")
		})
		if strings.HasPrefix(statusOf(j.pid, "State"), "T") {
			stopped++
			k.runs()
		}
		j.signal(syscall.SIGCONT)
		e := j.end()
		e.leftNothing(t)
		if e.Status != 0 {
			t.Errorf("status %d after SIGTSTP and SIGCONT\n%s", e.Status, e.Stderr)
		}
		k.runs()
	}
	if stopped == 0 {
		t.Errorf("ptwalk was never seen stopped, which shows nothing")
	}
	k.unharmed()
}

// Each step that passes a signal on ends at the handler's first instruction.
func TestD09SignalBetweenSteps(t *testing.T) {
	needsPtrace(t)
	handler := file(t, "handler", asm.Handler.Bytes(), 0o755)
	for _, command := range []string{"ptwalk count", "ptwalk step --plain --limit 1000000", "ptwalk step --limit 3"} {
		exits(t, command, 3, handler)
	}
}

// A shell waits for its children by SIGCHLD.
func TestD11SIGCHLD(t *testing.T) {
	needsPtrace(t)
	exits(t, "ptwalk step --limit 1", 5, "sh", "-c", "for i in 1 2 3 4 5; do sleep 0.01 & done; wait; exit 5")
}

// A call that waits goes on waiting after an attach, or is restarted, as far as
// the kernel does that for a stop without a signal.
func TestD12CallsThatWait(t *testing.T) {
	needsPtrace(t)
	path := compile(t, "waits")
	image, err := elf.Open(path)
	must(t, err)
	defer image.Close()
	result, counter := addressOf(t, image, "result"), addressOf(t, image, "counter")
	for _, call := range []string{"nanosleep", "poll", "read"} {
		t.Run(call, func(t *testing.T) {
			read, write, err := os.Pipe()
			must(t, err)
			defer read.Close()
			k := launchTarget(t, path, []string{"waits", call}...)
			if call == "read" {
				k = launchWith(t, read, path, "waits", call)
			}
			await(t, "it waits", func() bool { n, _ := k.word(counter); return n == 1 })
			for range 4 {
				session(t, []string{"ptwalk", "attach", k.String()}).wants(t, 0, "")
			}
			want := uint64(0)
			if call == "read" {
				_, err := write.Write([]byte("x"))
				must(t, err)
				want = 1
			}
			write.Close()
			await(t, "it has waited", func() bool { n, _ := k.word(counter); return n == 2 })
			if got, _ := k.word(result); got != want {
				t.Errorf("%s answers %d, want %d", call, int64(got), want)
			}
			k.endsBy(syscall.SIGTERM)
		})
	}
}

// A timer sends a signal every half millisecond: neither we nor the program stop.
func TestD14SignalStorm(t *testing.T) {
	needsPtrace(t)
	path := compile(t, "storm")
	for _, command := range []string{"ptwalk count", "ptwalk step --plain --limit 2000", "ptwalk step --limit 1"} {
		e := start(t, append(words(command), path, "500"), func(c *exec.Cmd) { c.Stdout = nil }).end()
		e.leftNothing(t)
		if e.Status != 0 {
			t.Errorf("%s: status %d\n%s", command, e.Status, e.Stderr)
		}
	}
	k := startProgram(t, path)
	for range 20 {
		session(t, []string{"ptwalk", "attach", k.String()}).wants(t, 0, "")
		k.runs()
	}
	k.unharmed()
}
