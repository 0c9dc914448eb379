package lesson

import (
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
)

// Nobody can catch SIGKILL. The kernel ends what a lesson has started then: children,
// their children and threads, held or running. Lesson 11 has all of these.
func TestSIGKILLLeavesNobodyBehind(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	r := cmdtest.Seeded(t)
	for range 60 {
		j := cmdtest.Start(t, []string{"ptwalk", "11", "--plain"})
		time.Sleep(5 * cmdtest.AnyMoment(r))
		j.Signal(syscall.SIGKILL)
		if e := j.End(); len(e.Late) > 0 {
			t.Errorf("status %d, and left behind: %v", e.Status, e.Late)
		}
	}
}
