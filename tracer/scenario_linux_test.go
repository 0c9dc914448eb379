package tracer_test

import (
	"debug/elf"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ptwalk/asm"
	. "ptwalk/tracer"
)

// Rows of docs/reliability.md that one tracer can show.

// program compiles a program of testdata, starts it as how says, and returns the
// addresses of its symbols. A program that needs threads has a libc.
func program(t *testing.T, how func(Command) (*Tracee, error), name string, args ...string) (*Tracee, map[string]Addr) {
	t.Helper()
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		if os.Getenv("CI") != "" {
			fatalf(t, "CI is set, and gcc is not installed")
		}
		skipf("SKIPPED, NOTHING IS TESTED: gcc is not installed")
	}
	path := filepath.Join(t.TempDir(), name)
	out, err := exec.Command(gcc, "-O1", "-static", "-no-pie", "-pthread", "-o", path, "testdata/"+name+".c").CombinedOutput()
	if err != nil {
		fatalf(t, "%v\n%s", err, out)
	}
	file, err := elf.Open(path)
	must(t, err)
	defer file.Close()
	list, err := file.Symbols()
	must(t, err)
	symbols := map[string]Addr{}
	for _, s := range list {
		symbols[s.Name] = Addr(s.Value)
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	must(t, err)
	defer null.Close()
	c, err := how(Command{Path: path, Argv: append([]string{path}, args...), Files: []*os.File{null, null, null}})
	must(t, err)
	return c, symbols
}

// untilEnd continues whatever stops until nothing is left, and returns how the
// process that pid names has ended. Events happens is told of each stop.
func untilEnd(t *testing.T, tr *Tracer, pid TID, happens func(Stop)) (end Stop) {
	t.Helper()
	for {
		stop, err := tr.Wait(Any)
		if errors.Is(err, syscall.ECHILD) {
			return end
		}
		must(t, err)
		if happens != nil {
			happens(stop)
		}
		if stop.Ended() {
			if stop.TID == pid {
				end = stop
			}
			continue
		}
		c := known(tr, stop.TID)
		if c == nil {
			c = tr.Adopt(stop.TID, &Tracee{Started: true})
		}
		sig := Signal(0)
		if stop.Kind == SignalDelivery && stop.Signal != SIGTRAP && stop.Signal != SIGSTOP {
			sig = stop.Signal
		}
		if err := c.Cont(sig); !errors.Is(err, syscall.ESRCH) {
			must(t, err)
		}
	}
}

func known(tr *Tracer, tid TID) *Tracee {
	for _, c := range tr.Tracees() {
		if c.TID == tid {
			return c
		}
	}
	return nil
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

func entries(t *testing.T, dir string) int {
	t.Helper()
	list, err := os.ReadDir(dir)
	must(t, err)
	return len(list)
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
