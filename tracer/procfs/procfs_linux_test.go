package procfs

import (
	"os"
	"runtime"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"ptwalk/tracer"
)

// The readers, asked about this test.
func TestOurselves(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pid, tid := tracer.TID(os.Getpid()), tracer.TID(unix.Gettid())

	if got := Process(tid); got != pid {
		t.Errorf("Process(%v) = %v, want %v", tid, got, pid)
	}
	if got := StatusField(Self, "Pid"); got != tid.String() {
		t.Errorf("the calling thread is %s, want %v", got, tid)
	}
	if stat, ok := StatOf(pid); !ok || stat.PPid != os.Getppid() || stat.Processor < 0 || stat.Start != StartTime(pid) {
		t.Errorf("StatOf(%v) = %+v, %v", pid, stat, ok)
	}
	threads, err := Threads(pid)
	if err != nil || threads[0] != pid || !slices.Contains(threads, tid) || !slices.IsSorted(threads[1:]) {
		t.Errorf("Threads(%v) = %v, %v, want %v first and %v among them", pid, threads, err, pid, tid)
	}
	if Ended(pid) || LeavesGroupStop(pid) {
		t.Error("we have ended, or are about to be continued")
	}
	if caught, ok := Signals(pid, "SigCgt"); !ok || !caught.Has(tracer.SIGSEGV) {
		t.Errorf("the runtime has no handler of SIGSEGV: %#x, %v", caught, ok)
	}
	if name := Comm(pid); name == "" {
		t.Error("we have no name")
	}
	maps, err := Maps(pid)
	if m, ok := MapOf(maps, tracer.Addr(maps[0].Start)); err != nil || !ok || m != maps[0] {
		t.Errorf("the first mapping is %+v, %v, %v", m, ok, err)
	}
	if is32, known := Is32(pid); is32 || !known {
		t.Errorf("Is32 of a 64-bit program: %v, %v", is32, known)
	}
}

func TestNobodyIsThere(t *testing.T) {
	const nobody tracer.TID = 1 << 30 // above the largest number that the kernel gives
	_, isThere := Signals(nobody, "SigPnd")
	_, known := Is32(nobody)
	_, waits := SyscallOf(nobody, nobody)
	_, err := Threads(nobody)
	if isThere || known || waits || err == nil || Comm(nobody) != "" || StartTime(nobody) != 0 || StatusField(nobody, "State") != "" {
		t.Error("something is told of a process that is not there")
	}
	if !Ended(nobody) || !LeavesGroupStop(nobody) || Process(nobody) != nobody {
		t.Error("who is not there has not ended")
	}
}

// A signal that is blocked waits, and a thread in group-stop would be woken by it.
func TestSignalsWait(t *testing.T) {
	runtime.LockOSThread() // never unlocked: the thread keeps what waits for it
	tid := tracer.TID(unix.Gettid())
	for _, c := range []struct {
		sig   unix.Signal
		wakes bool
	}{{unix.SIGUSR1, false}, {unix.SIGCONT, true}} {
		mask := unix.Sigset_t{Val: [16]uint64{1 << (c.sig - 1)}}
		if err := unix.PthreadSigmask(unix.SIG_BLOCK, &mask, nil); err != nil {
			t.Fatal(err)
		}
		if err := unix.Tgkill(os.Getpid(), int(tid), c.sig); err != nil {
			t.Fatal(err)
		}
		set, _ := Signals(tid, "SigPnd")
		if !set.Has(tracer.Signal(c.sig)) || LeavesGroupStop(tid) != c.wakes {
			t.Errorf("%v: what waits is %#x, and it wakes: %v", c.sig, set, LeavesGroupStop(tid))
		}
	}
}
