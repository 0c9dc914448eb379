package tracer_test

import (
	"errors"
	"syscall"
	"testing"

	"ptwalk/asm"
	. "ptwalk/tracer"
)

func TestC03SIGKILLMakesRequestsAnswerESRCH(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		must(t, c.Kill())
		must(t, c.AwaitEnd())
		_, err := c.GetRegs()
		wantErrno(t, err, syscall.ESRCH)
		if stop := wait(t, c); stop.Kind != Killed || stop.Signal != SIGKILL {
			t.Errorf("got %s by %v", stop.Name(), stop.Signal)
		}
		_, err = c.Wait()
		wantErrno(t, err, syscall.ECHILD)
	})
}

// SIGKILL takes a tracee out of each kind of stop; a request answers ESRCH, and
// the wait tells the death.
func TestC03SIGKILLAtEachStop(t *testing.T) {
	for name, reach := range map[string]func(t *testing.T, tr *Tracer) *Tracee{
		"exec stop": func(t *testing.T, tr *Tracer) *Tracee { return start(t, tr, asm.Hello64) },
		"step": func(t *testing.T, tr *Tracer) *Tracee {
			c := start(t, tr, asm.Hello64)
			must(t, c.SingleStep(0))
			wait(t, c)
			return c
		},
		"syscall-enter-stop": func(t *testing.T, tr *Tracer) *Tracee {
			c := start(t, tr, asm.Hello64)
			must(t, c.SetOptions(TraceSysGood))
			must(t, c.Syscall(0))
			wait(t, c)
			return c
		},
		"signal-delivery-stop": func(t *testing.T, tr *Tracer) *Tracee {
			c := start(t, tr, asm.Handler)
			must(t, c.Cont(0))
			wait(t, c)
			return c
		},
		"PTRACE_EVENT_STOP": func(t *testing.T, tr *Tracer) *Tracee {
			c := ticking(t, tr)
			_, err := tr.Seize(c.TID, 0)
			must(t, err)
			must(t, c.Interrupt())
			wait(t, c)
			return c
		},
		"group-stop": func(t *testing.T, tr *Tracer) *Tracee {
			c := ticking(t, tr)
			_, err := tr.Seize(c.TID, 0)
			must(t, err)
			must(t, c.Signal(SIGSTOP))
			for stop := wait(t, c); stop.Kind != GroupStop; stop = wait(t, c) {
				must(t, c.Cont(stop.Signal))
			}
			return c
		},
	} {
		t.Run(name, func(t *testing.T) {
			onThread(t, func(tr *Tracer) {
				c := reach(t, tr)
				must(t, c.Kill())
				must(t, c.AwaitEnd())
				for _, err := range []error{c.Cont(0), c.SingleStep(0), c.Detach(0)} {
					wantErrno(t, err, syscall.ESRCH)
				}
				if stop := wait(t, c); stop.Kind != Killed || stop.Signal != SIGKILL {
					t.Errorf("it %s by %v, want killed by SIGKILL", stop.Name(), stop.Signal)
				}
			})
		})
	}
}

// With PTRACE_O_TRACEEXIT a death by SIGKILL may be announced by an event, which
// has to be continued. The end is told in any case.
func TestC05ExitEventOfAKilledTracee(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		must(t, c.SetOptions(TraceExit|ExitKill))
		must(t, c.Kill())
		end := untilEnd(t, tr, c.TID, func(stop Stop) {
			if stop.Kind == EventStop && stop.Event != EventExit {
				t.Errorf("got the event %v", stop.Event)
			}
		})
		if end.Kind != Killed || end.Signal != SIGKILL {
			t.Errorf("it %s by %v, want killed by SIGKILL", end.Name(), end.Signal)
		}
	})
}

// One thread ends the process while another is in a stop that we do not leave.
func TestC06ExitWhileAThreadIsStopped(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c, _ := program(t, tr.Start, "threads", "exit")
		wait(t, c)
		must(t, c.SetOptions(TraceClone|ExitKill))
		must(t, c.Cont(0))
		held := TID(0)
		ended := map[TID]bool{}
		for {
			stop, err := tr.Wait(Any)
			if errors.Is(err, syscall.ECHILD) {
				break
			}
			must(t, err)
			if stop.Ended() {
				ended[stop.TID] = true
				if stop.TID == c.TID && stop.ExitCode != 5 {
					t.Errorf("the process %s with %d, want exited with 5", stop.Name(), stop.ExitCode)
				}
				continue
			}
			one := known(tr, stop.TID)
			if one == nil {
				one = tr.Adopt(stop.TID, c)
				if held == 0 {
					held = stop.TID // its first stop, where it stays
					continue
				}
			}
			if err := one.Cont(0); !errors.Is(err, syscall.ESRCH) {
				must(t, err)
			}
		}
		if held == 0 || !ended[held] || !ended[c.TID] {
			t.Errorf("thread %v was held; the ends of %v were seen", held, ended)
		}
	})
}

// The end of the first thread is told last, although it came first.
func TestC07FirstThreadEndsFirst(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c, _ := program(t, tr.Start, "threads", "leader")
		wait(t, c)
		must(t, c.SetOptions(TraceClone|ExitKill))
		must(t, c.Cont(0))
		var order []TID
		untilEnd(t, tr, c.TID, func(stop Stop) {
			if stop.Ended() {
				order = append(order, stop.TID)
			}
		})
		if len(order) < 2 || order[len(order)-1] != c.TID {
			t.Errorf("the ends came in the order %v, want %v last of several", order, c.TID)
		}
	})
}

// After an execve by another thread the tracee has the number of the first one.
func TestC08ExecveByAnotherThread(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c, _ := program(t, tr.Start, "threads", "exec")
		wait(t, c)
		must(t, c.SetOptions(TraceClone|TraceExec|ExitKill))
		must(t, c.Cont(0))
		former := Word(0)
		end := untilEnd(t, tr, c.TID, func(stop Stop) {
			if stop.Event == EventExec {
				if stop.TID != c.TID {
					t.Errorf("the event has number %v, want %v", stop.TID, c.TID)
				}
				var err error
				former, err = known(tr, c.TID).EventMsg()
				must(t, err)
			}
		})
		if former == 0 || TID(former) == c.TID {
			t.Errorf("the former number is %d, want that of another thread than %v", former, c.TID)
		}
		if end.Kind != Exited || end.ExitCode != 6 {
			t.Errorf("it %s with %d, want exited with 6", end.Name(), end.ExitCode)
		}
	})
}

// Hundreds in a row: no descriptor, thread or child is left.
func TestC13HundredsInARow(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		before := entries(t, "/proc/self/fd")
		for range 300 {
			c := start(t, tr, asm.Hello64)
			must(t, c.Cont(0))
			if stop := wait(t, c); stop.Kind != Exited || stop.ExitCode != 1 {
				fatalf(t, "it %s with %d", stop.Name(), stop.ExitCode)
			}
		}
		if after := entries(t, "/proc/self/fd"); after > before+2 {
			t.Errorf("%d descriptors, and %d before", after, before)
		}
		if left := tr.Tracees(); len(left) > 0 {
			t.Errorf("%d tracees are left", len(left))
		}
	})
}
