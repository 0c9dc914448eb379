package tracer_test

import (
	"errors"
	"maps"
	"syscall"
	"testing"

	. "ptwalk/tracer"
)

// Threads and children: rows H of docs/reliability.md.

// follows are the options of a tracer that takes every child and thread.
const follows = TraceFork | TraceVfork | TraceVforkDone | TraceClone | TraceExec | ExitKill

// family runs the program of many children with everything traced. It returns how
// often each event came, and how many ends were told, that of the program included.
func family(t *testing.T, tr *Tracer, way string) (events map[int]int, ends int) {
	t.Helper()
	c, _ := program(t, tr.Start, "children", way)
	wait(t, c)
	must(t, c.SetOptions(follows))
	must(t, c.Cont(0))
	events = map[int]int{}
	end := untilEnd(t, tr, c.TID, func(stop Stop) {
		if stop.Kind == EventStop {
			events[stop.Event]++
		}
		if stop.Ended() {
			ends++
		}
	})
	if end.Kind != Exited || end.ExitCode != 5 {
		t.Errorf("%s: it %s with %d, want exited with 5", way, end.Name(), end.ExitCode)
	}
	if left := tr.Tracees(); len(left) > 0 {
		t.Errorf("%s: %d tracees are left", way, len(left))
	}
	return events, ends
}

// Each child is seen once, whether its first stop comes before or after the event
// of its parent.
func TestH01ForkStorm(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		if events, ends := family(t, tr, "forks"); events[EventFork] != 60 || ends != 61 {
			t.Errorf("%d ends after %v, want 60 forks and 61 ends", ends, events)
		}
	})
}

func TestH02Vfork(t *testing.T) {
	for way, want := range map[string]map[int]int{
		"vforks": {EventVfork: 1, EventVforkDone: 1},
		"spawns": {EventVfork: 1, EventVforkDone: 1, EventExec: 1},
	} {
		onThread(t, func(tr *Tracer) {
			if events, ends := family(t, tr, way); !maps.Equal(events, want) || ends != 2 {
				t.Errorf("%s: %d ends after %v, want 2 after %v", way, ends, events, want)
			}
		})
	}
}

// While the child is held, its parent waits in the kernel, and no stop is told.
func TestH02ParentOfAHeldChild(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c, _ := program(t, tr.Start, "children", "vforks")
		wait(t, c)
		must(t, c.SetOptions(follows))
		must(t, c.Cont(0))
		if stop := wait(t, c); stop.Event != EventVfork {
			fatalf(t, "got %s, want PTRACE_EVENT_VFORK", stop.Name())
		}
		msg, err := c.EventMsg()
		must(t, err)
		child := tr.Adopt(TID(msg), c)
		wait(t, child) // its first stop
		must(t, c.Cont(0))
		for range 100 {
			if stop, told, err := tr.Poll(c.TID); told || err != nil {
				t.Errorf("the parent: %s, %v while its child is held", stop.Name(), err)
			}
		}
		must(t, child.Cont(0))
		if stop := wait(t, child); stop.Kind != Exited || stop.ExitCode != 7 {
			t.Errorf("the child %s with %d, want exited with 7", stop.Name(), stop.ExitCode)
		}
		var seen []int
		stop := wait(t, c)
		for ; !stop.Ended(); stop = wait(t, c) {
			sig := Signal(0)
			if stop.Kind == SignalDelivery {
				sig = stop.Signal
			}
			seen = append(seen, stop.Event)
			must(t, c.Cont(sig))
		}
		if stop.ExitCode != 5 || len(seen) == 0 || seen[0] != EventVforkDone {
			t.Errorf("it %s with %d after %v, want PTRACE_EVENT_VFORK_DONE and 5", stop.Name(), stop.ExitCode, seen)
		}
	})
}

// A child of CLONE_UNTRACED is not seen. One that shares the memory of its parent
// is seen as any other, and so is a daemon.
func TestH03UntracedChildrenAndDaemons(t *testing.T) {
	for way, want := range map[string]int{"clones": 2, "daemons": 3} {
		onThread(t, func(tr *Tracer) {
			if events, ends := family(t, tr, way); ends != want {
				t.Errorf("%s: %d ends after %v, want %d", way, ends, events, want)
			}
		})
	}
}

// The end of the program is not the end of its children: we have all of them when
// wait says ECHILD.
func TestH04GrandchildEndsLast(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c, _ := program(t, tr.Start, "children", "daemons")
		wait(t, c)
		must(t, c.SetOptions(follows))
		must(t, c.Cont(0))
		var order []TID
		untilEnd(t, tr, c.TID, func(stop Stop) {
			if stop.Ended() {
				order = append(order, stop.TID)
			}
		})
		if len(order) != 3 || order[2] == c.TID {
			t.Errorf("the ends came in the order %v; %v is not to be the last of three", order, c.TID)
		}
	})
}

// Hundreds of threads, most of which die while they run.
func TestH05HundredsOfThreads(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c, _ := program(t, tr.Start, "threads", "exit", "500")
		wait(t, c)
		must(t, c.SetOptions(TraceClone|ExitKill))
		must(t, c.Cont(0))
		ends := map[TID]bool{}
		end := untilEnd(t, tr, c.TID, func(stop Stop) {
			if stop.Ended() {
				if ends[stop.TID] {
					t.Errorf("the end of %v is told twice", stop.TID)
				}
				ends[stop.TID] = true
			}
		})
		if end.Kind != Exited || end.ExitCode != 5 || len(ends) != 501 {
			t.Errorf("it %s with %d after %d ends, want 501 and 5", end.Name(), end.ExitCode, len(ends))
		}
		if left := tr.Tracees(); len(left) > 0 {
			t.Errorf("%d tracees are left", len(left))
		}
		if _, err := tr.Wait(Any); !errors.Is(err, syscall.ECHILD) {
			t.Errorf("a wait for nobody answers %v, want ECHILD", err)
		}
	})
}
