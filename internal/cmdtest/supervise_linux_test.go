package cmdtest

import (
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func TestMain(m *testing.M) { Main(m, nil) }

// TestLeftBehind sees that the supervisor can tell what is left: nothing, a process
// that runs, and one that nobody has reaped.
func TestLeftBehind(t *testing.T) {
	for _, c := range []struct {
		script         string
		zombies, alive int
	}{
		{"exit 3", 0, 0},
		{"sleep 300 & exit 3", 0, 1},
		{"exec become zombie=3", 1, 0},
	} {
		e := Start(t, []string{"sh", "-c", c.script}).End()
		if e.Status != 3 || len(e.Zombies) != c.zombies || len(e.Alive) != c.alive || len(e.Late) != c.alive {
			t.Errorf("%s: %+v", c.script, e)
		}
	}
	if e := Start(t, strings.Fields("become filter=1 nosuch=1")).End(); e.Status != 99 || !strings.Contains(e.Stderr, "no such change") {
		t.Errorf("a change that there is not: %+v", e)
	}
}

// TestProcessGroups: a run has a process group of its own, whose parent is in the same
// session, and an orphan has a session of its own. A SIGTSTP stops the one alone.
func TestProcessGroups(t *testing.T) {
	for _, orphan := range []bool{false, true} {
		var options []Option
		if orphan {
			options = append(options, Orphan)
		}
		j := Start(t, []string{"sleep", "300"}, options...)
		Await(t, "it sleeps", func() bool { return Status(j.PID, "Name") == "sleep" })
		group, err := unix.Getpgid(j.PID)
		Must(t, err)
		session, err := unix.Getsid(j.PID)
		Must(t, err)
		parent, err := strconv.Atoi(Status(j.PID, "PPid"))
		Must(t, err)
		sessionOfParent, err := unix.Getsid(parent)
		Must(t, err)
		if group != j.PID || (session == sessionOfParent) == orphan {
			t.Errorf("orphan %v: process %d has group %d and session %d, its parent session %d", orphan, j.PID, group, session, sessionOfParent)
		}
		j.Signal(syscall.SIGTSTP)
		if orphan {
			Await(t, "it is not pending", func() bool { return !Pending(j.PID, syscall.SIGTSTP) })
			if !livesOn(j.PID) {
				t.Errorf("the orphan is %s", Describe(j.PID))
			}
		} else {
			Await(t, "it stops", func() bool { return strings.HasPrefix(Status(j.PID, "State"), "T") })
		}
		j.Signal(syscall.SIGKILL)
		j.End()
	}
}
