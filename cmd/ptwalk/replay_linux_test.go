package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/lessons"
)

// TestReplayWithoutPtrace replays every lesson as an ordinary user, under a
// seccomp filter that refuses ptrace; and sees that the filter does refuse it.
func TestReplayWithoutPtrace(t *testing.T) {
	program := forAnybody(t)
	for _, l := range lessons.All {
		t.Run(lessons.ID(l), func(t *testing.T) {
			for _, flags := range []string{"--plain", "--json", "--markdown", "--accessible"} {
				out, status := ordinary(t, program, "replay", fmt.Sprint(l.Number), flags)
				if status != 0 || strings.Contains(out, "ptwalk: ") {
					t.Errorf("%s: exit status %d", flags, status)
				}
				if flags == "--plain" && strings.Count(out, "\nREPLAY of a run on Linux") != len(l.Sections) {
					t.Errorf("not every section begins with REPLAY:\n%s", out)
				}
			}
			out, status := ordinary(t, program, fmt.Sprint(l.Number), "--plain")
			if status != 3 || !strings.Contains(out, "[PT-SECCOMP]") || !strings.Contains(out, fmt.Sprintf("ptwalk replay %d", l.Number)) {
				t.Errorf("the lesson itself: exit status %d\n%s", status, out)
			}
		})
	}
}

// forAnybody is a copy of the test binary that every user may run as ptwalk.
func forAnybody(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ptwalk-replay-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "ptwalk")
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err == nil {
		_, err = io.Copy(to, from)
	}
	if err == nil {
		err = to.Close()
	}
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// ordinary runs ptwalk as nobody, if we are root, with ptrace refused.
func ordinary(t *testing.T, program string, args ...string) (out string, status int) {
	t.Helper()
	c := exec.Command(program, args...)
	c.Dir = filepath.Dir(program)
	c.Env = append(os.Environ(), refuse+"=1", "HOME=/nonexistent", "XDG_STATE_HOME=")
	if os.Getuid() == 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	timer := time.AfterFunc(patient, func() { c.Process.Kill() })
	defer timer.Stop()
	text, err := c.CombinedOutput()
	if c.ProcessState == nil {
		t.Fatal(err)
	}
	return string(text), c.ProcessState.ExitCode()
}
