//go:build amd64

package stage

import (
	"testing"
	"time"

	"ptwalk/asm"
	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
)

// A section may be left in the middle: at a failure, at a jump of the presenter. Nothing
// is left of a thread that an option has made our tracee, or of a child, and nobody waits
// for a process whose thread nobody has reaped.
func TestBornAreCleanedAway(t *testing.T) {
	for _, c := range []struct {
		target asm.Target
		option tracer.Option
		event  int
	}{
		{asm.Twins, tracer.TraceClone, tracer.EventClone},
		{asm.Forker, tracer.TraceFork, tracer.EventFork},
	} {
		t.Run(c.target.Name, func(t *testing.T) {
			var tids []tracer.TID
			done := make(chan error, 1)
			go func() {
				done <- Do(Options{}, func(s *Stage) {
					child := s.Ready(c.target)
					child.SetOptions(c.option | tracer.ExitKill)
					child.Cont(0)
					if stop := child.Wait(); stop.Event != c.event {
						s.Fail(errorf("got %s", stop.Name()))
					}
					born := child.Joined(tracer.TID(child.EventMsg()))
					born.Wait()
					tids = []tracer.TID{child.TID(), born.TID()}
				})
			}()
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
			case <-time.After(time.Minute):
				t.Fatal("the section is not left within a minute")
			}
			for _, tid := range tids {
				// A child of the child's has ended, and is there until process 1 reaps it.
				if state := procfs.StatusField(tid, "State"); state != "" && state[0] != 'Z' && state[0] != 'X' {
					t.Errorf("%v is left, in state %s", tid, state)
				}
			}
			if len(tids) != 2 {
				t.Errorf("tracees %v, want two", tids)
			}
		})
	}
}
