package tracer_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"syscall"
	"testing"

	"ptwalk/asm"
	. "ptwalk/tracer"
)

// What the texts of names, explain and the chapters say of single moments, asked of
// the kernel.

const sigusr1 = Signal(syscall.SIGUSR1)

// A signal given with the restart from a syscall-stop is sent anew, by the kernel: it
// makes a stop of its own, and the program's handler runs once more.
func TestSignalGivenAtASyscallStopIsSentAnew(t *testing.T) {
	for _, stops := range []int{1, 2} { // the entry, the exit
		onThread(t, func(tr *Tracer) {
			c := start(t, tr, asm.Handler)
			must(t, c.SetOptions(TraceSysGood))
			for range stops + 2 { // the first call installs the handler
				must(t, c.Syscall(0))
				wait(t, c)
			}
			must(t, c.Cont(sigusr1))
			stop := wait(t, c)
			info, err := c.SigInfo()
			must(t, err)
			if stop.Kind != SignalDelivery || stop.Signal != sigusr1 || info.Code != SIKernel {
				t.Errorf("got %s by %v with si_code %d, want a delivery of SIGUSR1 with SI_KERNEL", stop.Name(), stop.Signal, info.Code)
			}
			must(t, c.Cont(sigusr1))
			if end := untilEnd(t, tr, c.TID, nil); end.Kind != Exited || end.ExitCode != 4 {
				t.Errorf("it %s, want exited with 4: the handler has run once more than three times", end.Said())
			}
		})
	}
}

// A signal given with the restart from a PTRACE_EVENT stop or a group-stop is ignored:
// SIGTERM would end the program.
func TestSignalGivenAtAnEventStopIsIgnored(t *testing.T) {
	const term = Signal(syscall.SIGTERM)
	onThread(t, func(tr *Tracer) {
		c := ticking(t, tr)
		_, err := tr.Seize(c.TID, TraceSysGood)
		must(t, err)
		for range 2 {
			must(t, c.Interrupt())
			wait(t, c)
			must(t, c.Cont(term))
		}
		must(t, c.Signal(SIGSTOP))
		for stop := wait(t, c); stop.Kind != GroupStop; stop = wait(t, c) {
			must(t, c.Cont(stop.Signal))
		}
		must(t, c.Detach(term))
		must(t, c.Signal(SIGCONT))
		must(t, c.Kill())
		if stop := wait(t, c); stop.Kind != Killed || stop.Signal != SIGKILL {
			t.Errorf("it %s, want killed by our SIGKILL", stop.Said())
		}
	})
	onThread(t, func(tr *Tracer) {
		c := launch(t, tr.Spawn, asm.Blocker, []string{"stop"}) // it asks to be traced, and stops itself
		if stop := wait(t, c); stop.Signal != SIGSTOP {
			fatalf(t, "got %s", stop.Said())
		}
		must(t, c.SetOptions(TraceExec))
		if stop := wait(t, cont(t, c)); stop.Event != EventExec {
			fatalf(t, "got %s, want the event of execve", stop.Name())
		}
		must(t, c.Cont(term))
		if stop := wait(t, c); stop.Kind != Exited {
			t.Errorf("it %s, want exited", stop.Said())
		}
	})
}

// cont restarts a tracee without a signal.
func cont(t *testing.T, c *Tracee) *Tracee {
	t.Helper()
	must(t, c.Cont(0))
	return c
}

// The flags and the exit signal of a new task decide which event it makes, and not the
// name of the call. The first stop of a child tells whether its parent was seized.
func TestEventByFlags(t *testing.T) {
	const (
		vfork, untraced = 0x4000, 0x800000 // CLONE_VFORK, CLONE_UNTRACED
		sigchld         = 17
	)
	cases := []struct{ flags, event int }{
		{sigchld, EventFork},
		{int(sigusr1), EventClone},
		{0, EventClone},
		{vfork | sigchld, EventVfork},
		{vfork | int(sigusr1), EventVfork},
		{untraced | sigchld, 0},
		{untraced | vfork | sigchld, 0},
	}
	want, flags := []int{EventFork}, []string{} // the first child is fork(3)'s, by clone with SIGCHLD
	for _, tt := range cases {
		flags = append(flags, fmt.Sprintf("%#x", tt.flags))
		if tt.event != 0 {
			want = append(want, tt.event)
		}
	}
	for first, how := range map[Status]func(*Tracer, Command) (*Tracee, error){0x137f: (*Tracer).Start, 0x80057f: (*Tracer).Spawn} {
		onThread(t, func(tr *Tracer) {
			events, firsts := newborns(t, tr, first == 0x80057f, func(cmd Command) (*Tracee, error) { return how(tr, cmd) }, flags)
			if !slices.Equal(events, want) || !slices.Equal(firsts, slices.Repeat([]Status{first}, len(want))) {
				t.Errorf("with the flags %v the events are %v, and the first stops of the children %#x;\nwant %v and each %#x", flags, events, firsts, want, first)
			}
		})
	}
}

// newborns runs clones with every event asked for. It returns the events that came,
// and the statuses of the children's first stops. Where those are SIGSTOP, nobody has
// sent it.
func newborns(t *testing.T, tr *Tracer, seized bool, how func(Command) (*Tracee, error), flags []string) (events []int, firsts []Status) {
	t.Helper()
	c, _ := program(t, how, "clones", flags...)
	if seized {
		_, err := tr.Seize(c.TID, follows)
		must(t, err)
	} else {
		wait(t, c)
		must(t, c.SetOptions(follows))
		must(t, c.Cont(0))
	}
	woken, seen := false, map[TID]bool{c.TID: true}
	end := untilEnd(t, tr, c.TID, func(stop Stop) {
		switch {
		case !seen[stop.TID]:
			seen[stop.TID] = true
			firsts = append(firsts, stop.Status)
			info, err := tr.Adopt(stop.TID, &Tracee{Started: true, Seized: seized}).SigInfo()
			must(t, err)
			if !seized && (info.Code != 0 || info.PID() != 0) {
				t.Errorf("the first stop of a child: si_code %d from %d, want 0 from 0", info.Code, info.PID())
			}
		case stop.TID == c.TID && slices.Contains([]int{EventFork, EventVfork, EventClone}, stop.Event):
			events = append(events, stop.Event)
		case stop.TID == c.TID && stop.Signal == SIGSTOP && !woken:
			woken = true
			must(t, c.Signal(SIGCONT))
		}
	})
	if end.Kind != Exited || end.ExitCode != 5 {
		t.Errorf("it %s, want exited with 5", end.Said())
	}
	return events, firsts
}

// A blocked signal that sigwait or a signalfd takes makes no stop; one that is ignored
// makes one.
func TestWhichSignalsStop(t *testing.T) {
	for way, want := range map[string]int{"sigwait": 0, "signalfd": 0, "ignored": 1} {
		onThread(t, func(tr *Tracer) {
			c, _ := program(t, tr.Start, "signals", way)
			wait(t, c)
			stops := 0
			for {
				stop := wait(t, cont(t, c))
				if stop.Ended() {
					if stop.Kind != Exited || stop.ExitCode != 5 || stops != want {
						t.Errorf("%s: it %s after %d stops, want 5 after %d", way, stop.Said(), stops, want)
					}
					return
				}
				stops++
			}
		})
	}
}

// A handler turns ERESTART_RESTARTBLOCK into EINTR, even with SA_RESTART.
func TestD13RestartBlockAndSARestart(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c, symbols := program(t, tr.Start, "signals", "sleeps")
		wait(t, c)
		must(t, c.Cont(0))
		for word := []byte{0}; word[0] == 0; {
			c.ReadAt(word, symbols["ready"])
		}
		for asleep := false; !asleep; runtime.Gosched() {
			stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.TID))
			must(t, err)
			asleep = bytes.Contains(stat, []byte(") S "))
		}
		must(t, c.Signal(sigusr1))
		stop := wait(t, c)
		rax, err := c.PeekUser(80)
		must(t, err)
		if stop.Signal != sigusr1 || int64(rax) != -516 {
			t.Errorf("%s with rax %d, want a delivery of SIGUSR1 with -516", stop.Said(), int64(rax))
		}
		must(t, c.Cont(sigusr1))
		if stop := wait(t, c); stop.Kind != Exited || stop.ExitCode != 5 {
			t.Errorf("it %s, want exited with 5: nanosleep returned EINTR", stop.Said())
		}
	})
}

// A misaligned movaps is a general protection fault, without an address; a program's
// own kill of SIGTRAP has its own pid, as the SIGTRAP of execve has.
func TestCodesOfOddSignals(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c, _ := program(t, tr.Start, "signals", "misaligned")
		wait(t, c)
		stop := wait(t, cont(t, c))
		info, err := c.SigInfo()
		must(t, err)
		if stop.Signal != SIGSEGV || info.Code != SIKernel || info.Address() != 0 {
			t.Errorf("%s, si_code %d, si_addr %v, want SIGSEGV with SI_KERNEL and 0", stop.Said(), info.Code, info.Address())
		}
	})
	onThread(t, func(tr *Tracer) {
		c, _ := program(t, tr.Start, "signals", "traps")
		for _, moment := range []string{"execve", "kill"} {
			stop := wait(t, c)
			info, err := c.SigInfo()
			must(t, err)
			if stop.Signal != SIGTRAP || info.Code != 0 || info.PID() != c.TID {
				t.Errorf("%s: %s, si_code %d, from %d, want SIGTRAP with 0 from itself, %d", moment, stop.Said(), info.Code, info.PID(), c.TID)
			}
			must(t, c.Cont(0))
		}
	})
}

// LISTEN is for a group-stop, and is granted at the stop of INTERRUPT as well. What it
// leaves stopped answers no request.
func TestListenAtTheStopOfInterrupt(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := ticking(t, tr)
		_, err := tr.Seize(c.TID, TraceSysGood)
		must(t, err)
		must(t, c.Interrupt())
		if stop := wait(t, c); stop.Event != EventPtrace || stop.Signal != SIGTRAP {
			fatalf(t, "got %s by %v", stop.Name(), stop.Signal)
		}
		must(t, c.Listen())
		_, err = c.PeekUser(0)
		wantErrno(t, err, syscall.ESRCH)
		must(t, c.Interrupt())
		wait(t, c)
		must(t, c.Syscall(0))
		wait(t, c)
		wantErrno(t, c.Listen(), syscall.EIO)
	})
}
