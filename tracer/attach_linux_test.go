package tracer_test

import (
	"syscall"
	"testing"

	"ptwalk/asm"
	. "ptwalk/tracer"
)

func TestSeizeDoesNotStop(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := launch(t, tr.Spawn, asm.Ticker, nil)
		_, err := tr.Seize(c.TID, TraceSysGood)
		must(t, err)
		if _, stopped, err := tr.Poll(c.TID); stopped || err != nil {
			t.Errorf("a stop is reported after SEIZE: %v, %v", stopped, err)
		}
		must(t, c.Interrupt())
		if stop := wait(t, c); stop.Status != 0x80057f || stop.Event != EventPtrace {
			t.Errorf("got %s %v", stop.Name(), stop.Status)
		}
		must(t, c.Detach(0))
	})
}

func TestInterruptAndListenNeedSeize(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := ticking(t, tr)
		_, err := tr.Attach(c.TID)
		must(t, err)
		for stop := wait(t, c); stop.Signal != SIGSTOP; stop = wait(t, c) {
			must(t, c.Cont(stop.Signal))
		}
		wantErrno(t, c.Interrupt(), syscall.EIO)
		wantErrno(t, c.Listen(), syscall.EIO)
		must(t, c.Detach(0))
	})
}

func TestUnknownOptionsAreRefused(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := launch(t, tr.Spawn, asm.Ticker, nil)
		_, err := tr.Seize(c.TID, 1<<40)
		wantErrno(t, err, syscall.EIO)
		c = start(t, tr, asm.Hello64)
		wantErrno(t, c.SetOptions(1<<40), syscall.EINVAL)
	})
}

func TestD05GroupStopIsKeptByListenAndDetach(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := launch(t, tr.Spawn, asm.Ticker, nil)
		_, err := tr.Seize(c.TID, TraceSysGood)
		must(t, err)
		must(t, c.Signal(SIGSTOP))
		stop := wait(t, c)
		for stop.Kind == SignalDelivery {
			must(t, c.Cont(stop.Signal))
			stop = wait(t, c)
		}
		if stop.Kind != GroupStop || stop.Status != 0x80137f {
			fatalf(t, "got %s %v, want group-stop 0x80137f", stop.Name(), stop.Status)
		}
		must(t, c.Listen())
		must(t, c.Signal(SIGCONT))
		for stop = wait(t, c); stop.Kind != SignalDelivery || stop.Signal != SIGCONT; stop = wait(t, c) {
			must(t, c.Cont(0))
		}
		must(t, c.Detach(stop.Signal))
	})
}

// A group-stop of a tracee that was not seized has the status of a SIGSTOP on
// its way, and no siginfo.
func TestGroupStopWithoutSeizeIsToldBySigInfo(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := launch(t, tr.Start, asm.Ticker, nil)
		wait(t, c)
		must(t, c.Cont(0))
		must(t, c.Signal(SIGSTOP))
		delivery := wait(t, c)
		must(t, c.Cont(SIGSTOP))
		group := wait(t, c)
		if delivery.Status != group.Status || delivery.Kind != SignalDelivery || group.Kind != GroupStop {
			t.Errorf("got %s %v, then %s %v", delivery.Name(), delivery.Status, group.Name(), group.Status)
		}
	})
}
