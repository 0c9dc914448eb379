package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Threads and children, seen from outside.

func init() {
	changes["crowd"] = crowd
	changes["again"] = again
	changes["leaves"] = leaves
}

// crowd starts n threads that wait.
func crowd(n int) error {
	for range n {
		ready := make(chan bool)
		go func() {
			runtime.LockOSThread()
			close(ready)
			unix.Pause()
		}()
		<-ready
	}
	return stay()
}

// again executes this program again and again, with threads beside it. How often
// can be read from its command line: again=N.
func again(n int) error {
	if n == 1 {
		fmt.Println("here")
	}
	for range 3 {
		go func() {
			for {
				unix.Nanosleep(&unix.Timespec{Nsec: 100_000}, nil)
			}
		}()
	}
	unix.Nanosleep(&unix.Timespec{Nsec: 500_000}, nil)
	return syscall.Exec("/proc/self/exe", []string{"be", fmt.Sprintf("again=%d", n+1)}, os.Environ())
}

// leaves starts n threads that wait, and then one that calls execve as soon as
// the first of them has a tracer. It then has a single thread.
func leaves(n int) error {
	if n == 0 {
		return stay()
	}
	tids := make(chan int)
	wait := func() {
		runtime.LockOSThread()
		tids <- unix.Gettid()
		unix.Pause()
	}
	go wait()
	first := <-tids
	for range n - 1 {
		go wait()
		<-tids
	}
	go func() {
		runtime.LockOSThread()
		tids <- unix.Gettid()
		for statusOf(first, "TracerPid") == "0" {
		}
		syscall.Exec("/proc/self/exe", []string{"be", "leaves=0"}, os.Environ())
	}()
	<-tids
	return stay()
}

// generation is the N of a process that does "again".
func generation(pid int) (n int) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	fmt.Sscanf(string(text), "be\x00again=%d", &n)
	return n
}

func TestH02VforkInOurPrograms(t *testing.T) {
	needsPtrace(t)
	vforks := compile(t, "vforks")
	for _, tool := range append(tools, "ptwalk count -f", "ptwalk step --plain --limit 100000") {
		endsWith(t, 5, append(words(tool), vforks)...)
	}
}

// The status is the program's, although a child of it ends later.
func TestH04ChildOutlivesItsParent(t *testing.T) {
	needsPtrace(t)
	endsWith(t, 3, "ptwalk", "count", "-f", "sh", "-c", "sleep 0.05 & exit 3")
}

// endsWith is for a program that does not wait for its children: they are init's
// to reap, and here our supervisor's.
func endsWith(t *testing.T, status int, args ...string) {
	t.Helper()
	e := start(t, args).end()
	if e.Status != status || len(e.Alive) > 0 {
		t.Errorf("%v: status %d, want %d; left alive: %v\n%s", args, e.Status, status, e.Alive, e.Stderr)
	}
}

func TestH05AttachToHundredsOfThreads(t *testing.T) {
	needsAttach(t)
	k := subjected(t, "crowd=300")
	await(t, "the threads are there", func() bool { return len(tasks(k.pid)) > 300 })
	for range 3 {
		e := session(t, []string{"ptwalk", "attach", k.String()})
		e.wants(t, 0, "")
		if n := len(tasks(k.pid)); !strings.Contains(e.Stdout, fmt.Sprintf("Threads: %d.", n)) {
			t.Errorf("not all %d threads are shown:\n%.300s", n, e.Stdout)
		}
		k.untouched(t)
	}
}

// We read the memory of a process of many threads that calls execve all the time.
func TestH09ExecveMeanwhile(t *testing.T) {
	needsAttach(t)
	k := subjected(t, "again=1")
	for range 25 {
		before := generation(k.pid)
		e := session(t, []string{"ptwalk", "attach", k.String()})
		if e.Status != 0 {
			e.wants(t, 4, "[PT-NOPID]")
			e.oneSentence(t)
		}
		if e.Took > limit/2 {
			t.Errorf("attach took %v", e.Took)
		}
		await(t, "it executes itself again", func() bool { return generation(k.pid) > before+1 })
		if tracer := statusOf(k.pid, "TracerPid"); tracer != "0" {
			t.Errorf("process %s has the tracer %q", describe(k.pid), tracer)
		}
	}
}

// A thread calls execve after we have attached to others and before we attach to
// it. The kernel makes it wait until the dead are reaped, and makes us wait for it.
func TestH09ExecveBetweenTwoThreads(t *testing.T) {
	needsAttach(t)
	for range 10 {
		k := subjected(t, "leaves=200")
		e := session(t, []string{"ptwalk", "attach", k.String()})
		e.wants(t, 0, "")
		if e.Took > limit/2 {
			t.Errorf("attach took %v", e.Took)
		}
		k.untouched(t)
	}
}

// The program is killed in its first moments, which are before our first request
// or just after it.
func TestE10KillNineAtTheStart(t *testing.T) {
	needsPtrace(t)
	for _, command := range []string{"ptwalk count", "ptwalk count -f", "ptwalk step --plain --limit 1000000000"} {
		for n := range 10 {
			j := start(t, append(words(command), "sleep", "300"), func(c *exec.Cmd) { c.Stdout = nil })
			await(t, "the child is there", func() bool { return len(childrenOf(j.pid)) > 0 })
			time.Sleep(time.Duration(n*n) * 50 * time.Microsecond)
			j.signal(syscall.SIGKILL)
			if e := j.end(); len(e.Late) > 0 {
				t.Errorf("%s, turn %d: left alive: %v", command, n, e.Late)
			}
		}
	}
}
