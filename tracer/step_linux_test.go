package tracer_test

import (
	"slices"
	"syscall"
	"testing"

	"ptwalk/asm"
	. "ptwalk/tracer"
	"ptwalk/tracer/user"
)

func TestStepsOfHello64AreSeven(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		stops := 1
		for stop := (Stop{}); ; {
			must(t, c.SingleStep(0))
			if stop = wait(t, c); stop.Ended() {
				if stop.ExitCode != 1 {
					t.Errorf("exit status %d, want 1", stop.ExitCode)
				}
				break
			}
			stops++
		}
		if stops != 7 {
			t.Errorf("%d stops, want 7", stops)
		}
	})
}

// StepOn walks through the same addresses with an observer and without, and ends
// with the same stop.
func TestStepOnIsStepWaitAndPeek(t *testing.T) {
	walk := func(observer Observer) (path []Addr, last Stop) {
		onThread(t, func(tr *Tracer) {
			c := start(t, tr, asm.Hello64)
			tr.Observer = observer
			rip, err := c.PeekUser(user.RIP)
			must(t, err)
			for at := Addr(rip); last.TID == 0 && !t.Failed(); path = append(path, at) {
				at, last, err = c.StepOn(at)
				must(t, err)
			}
			if last.TID != c.TID || !last.Ended() {
				t.Errorf("the last stop is %v of %d", last, last.TID)
			}
		})
		return path, last
	}
	path, end := walk(nil)
	seen := &record{}
	again, endAgain := walk(seen)
	if len(path) != 7 || !slices.Equal(path, again) || end.Status != endAgain.Status {
		t.Errorf("without an observer %v, %v\nwith an observer %v, %v", path, end, again, endAgain)
	}
	if len(seen.after) < 3*6 {
		t.Errorf("the observer saw %d calls", len(seen.after))
	}
}

// A stop for SIGTRAP that did not move is for the caller to look at.
func TestStepOnLeavesAStrayTrap(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		rip, err := c.PeekUser(user.RIP)
		must(t, err)
		must(t, syscall.Kill(int(c.TID), syscall.SIGTRAP))
		at, stop, err := c.StepOn(Addr(rip))
		must(t, err)
		if at != 0 || stop.TID != c.TID || stop.Kind != SignalDelivery || stop.Signal != SIGTRAP {
			t.Errorf("at %v: %v", at, stop)
		}
	})
}

func TestD03StepCodes(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		for i, want := range []int32{2, 2, 2, 2, 1, 2} { // the fifth is syscall
			must(t, c.SingleStep(0))
			wait(t, c)
			info, err := c.SigInfo()
			must(t, err)
			if info.Code != want {
				t.Errorf("step %d: si_code %d, want %d", i+1, info.Code, want)
			}
		}
	})
}
