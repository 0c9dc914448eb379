package tracer_test

import (
	"syscall"
	"testing"

	"ptwalk/asm"
	. "ptwalk/tracer"
)

func TestZeroDropsTheSignal(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Crash)
		must(t, c.Cont(0))
		first := wait(t, c)
		must(t, c.Cont(0)) // the instruction is tried again
		again := wait(t, c)
		if first.Signal != SIGSEGV || again.Signal != SIGSEGV {
			t.Errorf("signals %v and %v, want SIGSEGV twice", first.Signal, again.Signal)
		}
		must(t, c.Cont(SIGSEGV))
		if stop := wait(t, c); stop.Kind != Killed || stop.Signal != SIGSEGV {
			t.Errorf("got %s by %v, want killed by SIGSEGV", stop.Name(), stop.Signal)
		}
	})
}

// A signal that a step delivers to a handler stops at the handler's beginning, by
// ptrace_notify. A signal given to the restart from there is lost.
func TestSignalGivenAtAHandlersEntryIsLost(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Handler)
		entries, sig := 0, Signal(0)
		for {
			must(t, c.SingleStep(sig))
			stop := wait(t, c)
			if stop.Ended() {
				if stop.Kind != Exited || stop.ExitCode != 3 || entries != 3 {
					t.Errorf("%s with %d after %d entries, want 3 and 3", stop.Name(), stop.ExitCode, entries)
				}
				return
			}
			info, err := c.SigInfo()
			must(t, err)
			switch sig = stop.Signal; {
			case info.Code == 5:
				entries++
				sig = SIGSEGV // would end it
			case stop.Signal == SIGTRAP:
				sig = 0
			}
		}
	})
}

func TestSignalsPassedOnReachTheHandler(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Handler)
		sig := Signal(0)
		for {
			must(t, c.Cont(sig))
			stop := wait(t, c)
			if stop.Ended() {
				if stop.ExitCode != 3 {
					t.Errorf("the handler counted %d, want 3", stop.ExitCode)
				}
				return
			}
			sig = stop.Signal
		}
	})
}

// A signal to a stopped program that we listen to comes when SIGCONT has come.
func TestD06SignalWhileListening(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := ticking(t, tr)
		_, err := tr.Seize(c.TID, TraceSysGood)
		must(t, err)
		must(t, c.Signal(SIGSTOP))
		stop := wait(t, c)
		for ; stop.Kind != GroupStop; stop = wait(t, c) {
			must(t, c.Cont(stop.Signal))
		}
		must(t, c.Listen())
		must(t, c.Signal(Signal(syscall.SIGTERM)))
		if stop, told, err := tr.Poll(c.TID); told || err != nil {
			t.Errorf("before SIGCONT: %s by %v, %v", stop.Name(), stop.Signal, err)
		}
		must(t, c.Signal(SIGCONT))
		var seen []Signal
		for {
			if stop = wait(t, c); stop.Ended() {
				break
			}
			sig := Signal(0)
			if stop.Kind == SignalDelivery {
				sig = stop.Signal
				seen = append(seen, sig)
			}
			must(t, c.Cont(sig))
		}
		if stop.Kind != Killed || stop.Signal != Signal(syscall.SIGTERM) || len(seen) == 0 {
			t.Errorf("it %s by %v after %v, want killed by SIGTERM", stop.Name(), stop.Signal, seen)
		}
	})
}

// A DETACH on the way out delivers the signal that the tracee stopped for.
func TestD10LetGoDeliversTheSignal(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := ticking(t, tr)
		_, err := tr.Seize(c.TID, TraceSysGood)
		must(t, err)
		must(t, c.Signal(Signal(syscall.SIGTERM)))
		if stop := wait(t, c); stop.Kind != SignalDelivery || stop.Signal != Signal(syscall.SIGTERM) {
			fatalf(t, "got %s by %v", stop.Name(), stop.Signal)
		}
		must(t, c.LetGo())
		if stop := wait(t, c); stop.Kind != Killed || stop.Signal != Signal(syscall.SIGTERM) {
			t.Errorf("it %s by %v, want killed by SIGTERM", stop.Name(), stop.Signal)
		}
	})
}

func TestD15SignalThatDoesNotExist(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		for _, sig := range []Signal{65, 1000} {
			wantErrno(t, c.Cont(sig), syscall.EIO)
		}
		must(t, c.Cont(0))
		if stop := wait(t, c); stop.Kind != Exited {
			t.Errorf("it %s, want exited", stop.Name())
		}
	})
}
