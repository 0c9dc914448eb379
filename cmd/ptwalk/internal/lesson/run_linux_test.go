package lesson

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
	"ptwalk/internal/ptytest"
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

// Without a terminal there is no escape sequence and no pause. Within 40 columns
// and on a dumb terminal nothing breaks.
func TestI02Terminals(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	for _, lesson := range []string{"1", "2", "3", "5"} {
		e := cmdtest.Run(t, []string{"ptwalk", lesson})
		e.Wants(t, 0, "")
		if strings.Contains(e.Stdout, "\x1b") || strings.Contains(e.Stdout, "your answer") {
			t.Errorf("lesson %s in a pipe has an escape or a question", lesson)
		}
		e = cmdtest.Run(t, []string{"ptwalk", lesson, "--width", "40"})
		e.Wants(t, 0, "")
	}
	for _, setting := range []string{"TERM=dumb", "NO_COLOR=1", "TERM=xterm COLUMNS=20"} {
		p := ptytest.Open(t)
		j := cmdtest.Start(t, append(append([]string{"env"}, strings.Fields(setting)...), "ptwalk", "1", "--no-pause"), p.On)
		e := j.End()
		e.LeftNothing(t)
		color, wanted := strings.Contains(p.Shown(), "\x1b"), strings.Contains(setting, "xterm")
		if e.Status != 0 || color && !wanted {
			t.Errorf("%s: status %d, escapes %v", setting, e.Status, color)
		}
		p.Unchanged()
	}
}
