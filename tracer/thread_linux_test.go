package tracer_test

import (
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ptwalk/asm"
	. "ptwalk/tracer"
	"ptwalk/tracer/user"
)

func TestJ01AnotherThreadIsNoTracer(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		refused := make(chan error)
		go func() {
			runtime.LockOSThread()
			_, err := c.PeekUser(user.RIP)
			refused <- err
		}()
		wantErrno(t, <-refused, syscall.ESRCH)
	})
}

// The children of other goroutines belong to them: 8 of them keep their exit
// statuses while a tracer of another thread waits for any child.
func TestJ03WaitLeavesOtherChildrenAlone(t *testing.T) {
	statuses := make(chan int, 8)
	for range 8 {
		go func() {
			p, err := os.StartProcess("/proc/self/exe", []string{"exe", "-test.run=^$"}, &os.ProcAttr{})
			if err != nil {
				statuses <- -1
				return
			}
			state, err := p.Wait()
			if err != nil {
				statuses <- -1
				return
			}
			statuses <- state.ExitCode()
		}()
	}
	onThread(t, func(tr *Tracer) {
		for range 20 {
			c := start(t, tr, asm.Hello64)
			must(t, c.Cont(0))
			if stop, err := tr.Wait(Any); err != nil || stop.TID != c.TID {
				t.Errorf("waited for any: %v, %v, want %v", stop.TID, err, c.TID)
			}
		}
	})
	for range 8 {
		if status := <-statuses; status != 0 {
			t.Errorf("another child's exit status is %d, want 0", status)
		}
	}
}

// A locked goroutine that returns takes its thread along, and for the kernel the
// tracer: a program that we started ends with it.
func TestJ02ThreadOfTheTracerEnds(t *testing.T) {
	onThread(t, func(tr *Tracer) { start(t, tr, asm.Hello64) }) // or skip
	started := make(chan *Tracee, 1)
	go brief(t, started)
	c := <-started
	if c == nil {
		return
	}
	var status unix.WaitStatus
	for begin := time.Now(); time.Since(begin) < 20*time.Second; time.Sleep(time.Millisecond) {
		got, err := unix.Wait4(int(c.TID), &status, unix.WNOHANG|unix.WALL, nil)
		if err == unix.EINTR || got == 0 {
			continue
		}
		if err != nil || !status.Signaled() || status.Signal() != syscall.SIGKILL {
			t.Errorf("%v, status %#x, want killed by SIGKILL", err, uint32(status))
		}
		return
	}
	unix.Kill(int(c.TID), unix.SIGKILL)
	t.Error("the program lives on without its tracer")
}

// brief is a tracer that ends with a running tracee. The first thread of a
// process would not end before the process does, so it is not taken.
func brief(t *testing.T, started chan<- *Tracee) {
	runtime.LockOSThread() // and not unlocked: the thread ends
	if unix.Gettid() == os.Getpid() {
		done := make(chan *Tracee, 1)
		go brief(t, done)
		started <- <-done
		runtime.UnlockOSThread()
		return
	}
	defer close(started)
	tr := &Tracer{}
	c := start(t, tr, asm.Ticker)
	must(t, c.SetOptions(ExitKill))
	must(t, c.Cont(0))
	started <- c
}
