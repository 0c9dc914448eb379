package lesson

import (
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
)

// Lesson 11 has children, their children and threads, held or running. However it ends,
// all of them are dead soon after. Nobody can catch SIGKILL: the kernel ends them then.
// A child whose own parent was killed with it is reaped by who adopts it.
func TestSignalsLeaveNobodyOfAFamily(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	r := cmdtest.Seeded(t)
	for range 12 {
		for _, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGKILL, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
			j := cmdtest.Start(t, []string{"ptwalk", "11", "--plain"})
			time.Sleep(5 * cmdtest.AnyMoment(r))
			j.Signal(sig)
			e := j.End()
			if !e.EndedBy(sig) {
				t.Errorf("%v: status %d\n%s", sig, e.Status, e.Stderr)
			}
			e.Crashed(t)
		}
	}
}
