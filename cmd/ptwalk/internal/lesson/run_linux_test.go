package lesson

import (
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
)

// A signal in the middle of a lesson ends the program that it has started.
func TestE02SignalsInALesson(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	r := cmdtest.Seeded(t)
	for _, lesson := range []string{"1", "2", "3", "4", "5"} {
		for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
			j := cmdtest.Start(t, []string{"ptwalk", lesson, "--plain"})
			time.Sleep(2 * cmdtest.AnyMoment(r))
			j.Signal(sig)
			sent := time.Now()
			e := j.End()
			if took := time.Since(sent); took > cmdtest.Soon {
				t.Errorf("lesson %s ended %v after %v", lesson, took, sig)
			}
			if !e.EndedBy(sig) {
				t.Errorf("lesson %s after %v: status %d\n%s", lesson, sig, e.Status, e.Stderr)
			}
			e.LeftNothing(t)
		}
	}
}
