package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The end of the tracer.

// anyMoment is a delay that ends somewhere in a run of attach, or just after it.
func anyMoment(r *rand.Rand) time.Duration {
	return time.Duration(r.Int64N(int64(60 * time.Millisecond)))
}

// seeded is a source of random numbers whose seed is printed. PTWALK_SEED
// repeats a run.
func seeded(t *testing.T) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("PTWALK_SEED"); text != "" {
		fmt.Sscan(text, &seed)
	}
	t.Logf("PTWALK_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

func TestE01NormalEnd(t *testing.T) {
	needsPtrace(t)
	for _, many := range []bool{false, true} {
		k := startTicker(t)
		if many {
			k = startTickers(t)
		}
		for range 10 {
			session(t, []string{"ptwalk", "attach", k.String()}).wants(t, 0, "")
			k.runs()
		}
		k.unharmed()
	}
}

func TestE02SignalsWhileAttached(t *testing.T) {
	needsPtrace(t)
	r := seeded(t)
	k := startTickers(t)
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		for range 12 {
			j := start(t, []string{"ptwalk", "attach", k.String()})
			time.Sleep(anyMoment(r))
			j.signal(sig)
			sent := time.Now()
			e := j.end()
			if took := time.Since(sent); took > soon {
				t.Errorf("it ended %v after %v", took, sig)
			}
			if !endedBy(e, sig) {
				t.Errorf("after %v: status %d\n%s", sig, e.Status, e.Stderr)
			}
			e.leftNothing(t)
			k.runs()
		}
	}
	k.unharmed()
}

// endedBy: the run was over, or the signal has ended it. Before we catch signals,
// which is before anything is started or attached to, SIGQUIT makes the Go
// runtime end with status 2 and its stacks.
func endedBy(e ending, sig syscall.Signal) bool {
	early := sig == syscall.SIGQUIT && e.Status == 2 && strings.HasPrefix(e.Stderr, "SIGQUIT: quit")
	return e.Status == 0 || e.Status == 128+int(sig) || early
}

// A signal in the middle of a lesson ends the program that it has started.
func TestE02SignalsInALesson(t *testing.T) {
	needsPtrace(t)
	r := seeded(t)
	for _, lesson := range []string{"1", "2", "3", "4", "5"} {
		for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
			j := start(t, []string{"ptwalk", lesson, "--plain"})
			time.Sleep(2 * anyMoment(r))
			j.signal(sig)
			sent := time.Now()
			e := j.end()
			if took := time.Since(sent); took > soon {
				t.Errorf("lesson %s ended %v after %v", lesson, took, sig)
			}
			if !endedBy(e, sig) {
				t.Errorf("lesson %s after %v: status %d\n%s", lesson, sig, e.Status, e.Stderr)
			}
			e.leftNothing(t)
		}
	}
}

// SIGABRT ends the Go runtime as a panic that nobody recovers does, and so does
// a fault of the processor.
func TestE03CrashOfOurs(t *testing.T) {
	needsPtrace(t)
	r := seeded(t)
	k := startTickers(t)
	for _, sig := range []syscall.Signal{syscall.SIGABRT, syscall.SIGSEGV} {
		for range 12 {
			j := start(t, []string{"ptwalk", "attach", k.String()})
			time.Sleep(anyMoment(r))
			j.signal(sig)
			j.end().crashed(t)
			k.runs()
		}
	}
	k.unharmed()
}

func TestE04KillNineWhileSeized(t *testing.T) {
	needsPtrace(t)
	r := seeded(t)
	k := startTickers(t)
	for range 40 {
		j := start(t, []string{"ptwalk", "attach", k.String()})
		time.Sleep(anyMoment(r))
		j.signal(syscall.SIGKILL)
		j.end().leftNothing(t)
		k.runs()
	}
	k.unharmed()
}

// The target makes a system call every few microseconds.
func TestE05KillNineAmongSystemCalls(t *testing.T) {
	needsPtrace(t)
	r := seeded(t)
	k := startProgram(t, compile(t, "busy"))
	for range 40 {
		j := start(t, []string{"ptwalk", "attach", k.String()})
		time.Sleep(anyMoment(r))
		j.signal(syscall.SIGKILL)
		j.end().leftNothing(t)
		k.runs()
	}
	k.unharmed()
}

// A process that runs is never stepped: the tools that step refuse it.
func TestE06PidIsRefused(t *testing.T) {
	k := startTicker(t)
	for _, tool := range []string{"count", "step"} {
		session(t, []string{"ptwalk", tool, "-p", k.String()}).wants(t, 2, "never stepped")
		session(t, []string{"ptwalk", tool, k.String()}).wants(t, 127, "never stepped")
	}
	k.unharmed()
}

// harmless are the requests that attach may make: after none of them does a
// process die or stay stopped because its tracer is killed.
var harmless = map[string]bool{
	"PTRACE_SEIZE": true, "PTRACE_INTERRUPT": true, "PTRACE_DETACH": true, "PTRACE_GETREGSET": true,
	"PTRACE_GETREGS": true, "PTRACE_PEEKUSER": true, "PTRACE_PEEKTEXT": true, "PTRACE_PEEKDATA": true,
	"PTRACE_GETSIGINFO": true, "PTRACE_LISTEN": true, "PTRACE_GET_SYSCALL_INFO": true,
}

// strace is witness of the requests that attach makes: none of them steps, none
// writes to memory or a register, and there is no writing to /proc/PID/mem.
func TestE07NothingIsPlanted(t *testing.T) {
	needsPtrace(t)
	needs(t, "strace")
	k := startTickers(t)
	log := t.TempDir() + "/log"
	session(t, []string{"strace", "-f", "-qq", "-o", log, "-e", "signal=none", "-e", "trace=ptrace,process_vm_writev,openat",
		"ptwalk", "attach", k.String()}).wants(t, 0, "")
	text, err := os.ReadFile(log)
	must(t, err)
	requests := 0
	for line := range strings.Lines(string(text)) {
		_, call, _ := strings.Cut(strings.TrimSpace(line), " ")
		call = strings.TrimSpace(call)
		if args, ok := strings.CutPrefix(call, "ptrace("); ok {
			requests++
			if name, _, _ := strings.Cut(args, ","); !harmless[name] {
				t.Errorf("a request that can do harm: %s", line)
			}
		}
		if strings.HasPrefix(call, "process_vm_writev(") || strings.Contains(call, "/mem\"") && !strings.Contains(call, "O_RDONLY") {
			t.Errorf("attach writes: %s", line)
		}
	}
	if requests < 4*3 {
		t.Errorf("strace saw %d requests, want three a thread at least:\n%s", requests, text)
	}
	k.unharmed()
}

// Whatever we started ends with us.
func TestE09KillNineWithAProgramOfOurs(t *testing.T) {
	needsPtrace(t)
	r := seeded(t)
	for _, args := range []string{
		"ptwalk step --limit 1 --plain sleep 300", "ptwalk count sleep 300",
		"ptwalk step --limit 1000000000 --plain sh", "ptwalk 3 --plain", "ptwalk 5 --plain",
	} {
		for range 6 {
			zero, err := os.Open("/dev/zero") // sh reads for ever
			must(t, err)
			j := start(t, words(args), stdin(zero), func(c *exec.Cmd) { c.Stdout = nil })
			time.Sleep(2 * anyMoment(r))
			j.signal(syscall.SIGKILL)
			e := j.end()
			zero.Close()
			e.leftNothing(t)
		}
	}
}

func TestE11OutputIsGone(t *testing.T) {
	needsPtrace(t)
	k := startTickers(t)

	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	must(t, err)
	defer full.Close()
	e := session(t, []string{"ptwalk", "attach", k.String()}, stdout(full))
	e.wants(t, 1, "no space left")
	e.oneSentence(t)
	k.runs()

	read, write, err := os.Pipe()
	must(t, err)
	read.Close()
	defer write.Close()
	session(t, []string{"ptwalk", "attach", k.String()}, stdout(write)).wants(t, 141, "")
	k.runs()

	// The Go runtime opens /dev/null in the place of a closed descriptor, before
	// anything of ours runs.
	session(t, []string{"sh", "-c", "exec ptwalk attach " + k.String() + " >&-"}).wants(t, 0, "")
	k.unharmed()
}

// The process is killed at a random moment of the attach.
func TestE12TargetDiesMeanwhile(t *testing.T) {
	needsPtrace(t)
	r := seeded(t)
	for range 25 {
		k := startTickers(t)
		j := start(t, []string{"ptwalk", "attach", k.String()})
		time.Sleep(anyMoment(r) / 2)
		k.endsBy(syscall.SIGKILL)
		e := j.end()
		e.leftNothing(t)
		switch e.Status {
		case 0:
		case 3: // it has ended, and this test has not yet waited for it
			e.wants(t, 3, "[PT-ZOMBIE]")
			e.oneSentence(t)
		default:
			e.wants(t, 4, "[PT-NOPID]")
			e.oneSentence(t)
		}
	}
}

// The pipe is full and nobody reads: we wait, the process does not.
func TestE14SlowReader(t *testing.T) {
	needsPtrace(t)
	k := startTickers(t)
	read, write, err := os.Pipe()
	must(t, err)
	defer read.Close()
	defer write.Close()
	fill(t, write)
	j := start(t, []string{"ptwalk", "attach", k.String()}, stdout(write))
	await(t, "ptwalk waits for the pipe", func() bool { return waitsIn(j.pid, "pipe") })
	k.runs()
	j.signal(syscall.SIGINT)
	sent := time.Now()
	e := j.end()
	if took := time.Since(sent); took > soon {
		t.Errorf("Ctrl-C took %v", took)
	}
	e.wants(t, 130, "")
	e.leftNothing(t)
	k.unharmed()
}

// fill writes to a pipe until it takes no more.
func fill(t *testing.T, write *os.File) {
	t.Helper()
	fd := int(write.Fd())
	must(t, unix.SetNonblock(fd, true))
	for _, err := unix.Write(fd, make([]byte, 4096)); err == nil; {
		_, err = unix.Write(fd, make([]byte, 4096))
	}
	must(t, unix.SetNonblock(fd, false))
}

// waitsIn says whether a thread of the process waits in write(2) or read(2) of
// something whose name in the kernel holds the word. Where /proc does not tell
// the name, any wait in write(2) will do.
func waitsIn(pid int, word string) bool {
	tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, task := range tasks {
		dir := fmt.Sprintf("/proc/%d/task/%s/", pid, task.Name())
		wchan, _ := os.ReadFile(dir + "wchan")
		call, _ := os.ReadFile(dir + "syscall")
		if strings.Contains(string(wchan), word) || (len(wchan) < 2 && strings.HasPrefix(string(call), "1 ")) {
			return true
		}
	}
	return false
}

// SIGQUIT ends what has not begun to catch signals too, and no stacks are printed.
func TestE02QuitAtTheStart(t *testing.T) {
	for _, command := range []string{"ptwalk version", "ptwalk help", "ptwalk man"} {
		read, write, err := os.Pipe()
		must(t, err)
		fill(t, write)
		j := start(t, words(command), stdout(write))
		await(t, "ptwalk waits for the pipe", func() bool { return waitsIn(j.pid, "pipe") })
		j.signal(syscall.SIGQUIT)
		e := j.end()
		read.Close()
		write.Close()
		e.wants(t, 131, "")
	}
	// It is caught before the packages that take long are initialised.
	e := session(t, []string{"env", "GODEBUG=inittrace=1", "ptwalk", "version"})
	quit, slow := strings.Index(e.Stderr, "init ptwalk/lessons/stage/supervise/quit "), strings.Index(e.Stderr, "init github.com/yuin/goldmark/util ")
	if quit < 0 || slow < 0 || quit > slow {
		t.Errorf("SIGQUIT is caught too late:\n%s", e.Stderr)
	}
}
