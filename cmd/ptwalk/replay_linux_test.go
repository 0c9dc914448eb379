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

// TestReplayRefusesFiles gives it what is no recording: one sentence that names
// the line, and no more of it is read than a line may have.
func TestReplayRefusesFiles(t *testing.T) {
	dir := t.TempDir()
	whole := session(t, []string{"ptwalk", "replay", "1", "--json"}).Stdout
	big := filepath.Join(dir, "big")
	must(t, os.WriteFile(big, nil, 0o600))
	must(t, os.Truncate(big, 1<<30))
	for _, tt := range []struct{ name, text, says string }{
		{"empty", "", "the file is empty"},
		{"half", whole[:len(whole)/2], fmt.Sprintf("line %d is the last and is cut off", strings.Count(whole[:len(whole)/2], "\n")+1)},
		{"lines", whole[:strings.LastIndex(strings.TrimSpace(whole), "\n")+1], fmt.Sprintf("line %d is the last", strings.Count(whole, "\n")-1)},
		{"newer", strings.Replace(whole, `{"v":1,`, `{"v":2,`, 1), "line 1 has schema version 2, and this ptwalk reads version 1"},
		{"junk", "\x7fELF\x00\x1b[2J\xff\n", "line 1 is not a JSON object"},
		{"torn", strings.Replace(whole, "\n{", "\n{{", 1), "line 2 is not a JSON object"},
		{big, "", "line 1 is longer than"},
		{"/dev/zero", "", "line 1 is longer than"},
		{dir, "", "is a directory"},
	} {
		name := tt.name
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
			must(t, os.WriteFile(name, []byte(tt.text), 0o600))
		}
		for _, args := range [][]string{{name}, {"-"}} {
			in, err := os.Open(name)
			must(t, err)
			e := session(t, append([]string{"ptwalk", "replay"}, args...), stdin(in))
			in.Close()
			e.wants(t, 1, tt.says)
			if strings.Count(e.Stderr, "\n") != 1 || e.Stdout != "" || strings.Contains(e.Stderr, "\x1b") {
				t.Errorf("%s: not one sentence:\n%s%s", tt.name, e.Stdout, e.Stderr)
			}
		}
	}
}

// TestFilesThatCannotBeWritten names them before anything is run, or when no more
// fits.
func TestFilesThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	for _, flag := range []string{"--record", "--cast"} {
		for _, command := range []string{"2", "replay 2"} {
			run := func(file string) ending {
				return session(t, append(append([]string{"ptwalk"}, words(command)...), "--plain", flag, file))
			}
			e := run("/dev/full")
			e.wants(t, 1, `cannot write "/dev/full": no space left on device`)
			e.oneSentence(t)
			for _, file := range []string{dir, filepath.Join(dir, "no", "such")} {
				e := run(file)
				e.wants(t, 1, file)
				e.oneSentence(t)
				if e.Stdout != "" {
					t.Errorf("it was run:\n%s", e.Stdout)
				}
			}
		}
	}
	session(t, []string{"ptwalk", "2", "--record", dir + "/x", "--cast", dir + "/x"}).wants(t, 2, "is named twice")
}

// TestRecordOfAReplay is the recording once more.
func TestRecordOfAReplay(t *testing.T) {
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	for n := 1; n <= len(lessons.All); n++ {
		session(t, []string{"ptwalk", "replay", fmt.Sprint(n), "--record", one}).wants(t, 0, "")
		session(t, []string{"ptwalk", "replay", one, "--record", two}).wants(t, 0, "")
		first := session(t, []string{"ptwalk", "replay", fmt.Sprint(n), "--json"}).Stdout
		for _, file := range []string{one, two} {
			text, err := os.ReadFile(file)
			must(t, err)
			if string(text) != first {
				t.Errorf("lesson %d: the record of the replay is another: %s", n, firstDifference(first, string(text)))
			}
		}
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d\n%s\n%s", i+1, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}
