package syscalls

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
	"ptwalk/internal/ptytest"
)

// How programs end, and what happens when we end.

func TestProgramsThatEndOddly(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "gcc")
	vforks := cmdtest.Compile(t, "vforks")
	for _, c := range []struct {
		argv   []string
		status int
		says   string
	}{
		{[]string{"sh", "-c", "kill -SEGV $$"}, 139, "+++ killed by SIGSEGV"},
		{[]string{"sh", "-c", "kill -KILL $$"}, 137, "+++ killed by SIGKILL +++"},
		{[]string{"sh", "-c", "exec sh -c 'exit 7'"}, 7, "execve("},
		{[]string{vforks}, 5, "vfork"},
		{[]string{"sh", "-c", "trap '' CHLD; true | true; exit 4"}, 4, "+++ exited with 4 +++"},
	} {
		// One that ignores SIGCHLD does not wait: its children are init's to reap.
		e := cmdtest.Start(t, append([]string{"ptwalk", "syscalls", "-f"}, c.argv...)).End()
		if e.Status != c.status || !strings.Contains(e.Stderr, c.says) {
			t.Errorf("%q: status %d, want %d, and %q\n%s", c.argv, e.Status, c.status, c.says, e.Stderr)
		}
	}
}

// A thread that is not the first calls execve: it takes over the tid of the first.
func TestExecOfAThread(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "gcc")
	dir := t.TempDir()
	source := filepath.Join(dir, "execs.c")
	cmdtest.Must(t, os.WriteFile(source, []byte(`
#include <pthread.h>
#include <unistd.h>
static void *run(void *p) { execl("/bin/sh", "sh", "-c", "exit 6", (char *)0); return p; }
int main(void) { pthread_t t; pthread_create(&t, 0, run, 0); for (;;) pause(); }
`), 0o644))
	if out, err := exec.Command("gcc", "-pthread", "-o", dir+"/execs", source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, follow := range []string{"-f", "-e=execve"} {
		e := cmdtest.Run(t, []string{"ptwalk", "syscalls", follow, dir + "/execs"})
		if e.Status != 6 || follow == "-f" && !strings.Contains(e.Stderr, "+++ superseded by execve in pid ") {
			t.Errorf("%s: status %d, want 6\n%s", follow, e.Status, e.Stderr)
		}
	}
}

// Somebody kills the program at a random moment, and somebody kills us: nothing stays.
func TestSIGKILLAtAnyMoment(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	r := cmdtest.Seeded(t)
	for n := range 24 {
		j := cmdtest.Start(t, []string{"ptwalk", "syscalls", "-f", "-o", "/dev/null", "sh", "-c", "while :; do /bin/true | /bin/true; done"}, cmdtest.Quiet)
		time.Sleep(2 * cmdtest.AnyMoment(r))
		if n%2 == 0 {
			j.Signal(syscall.SIGKILL)
			j.End().LeftNothing(t)
			continue
		}
		var child int
		cmdtest.Await(t, "the program has started", func() bool {
			for _, child = range cmdtest.Children(j.PID) {
			}
			return child != 0
		})
		syscall.Kill(child, syscall.SIGKILL)
		if e := j.End(); e.Status != 137 || strings.Contains(e.Stderr, "ptwalk:") {
			t.Errorf("status %d, want 137 without a complaint\n%s", e.Status, e.Stderr)
		}
	}
}

// The program has Ctrl-C first.
func TestCtrlC(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	for script, status := range map[string]int{
		"trap 'exit 9' INT; echo ready; while :; do sleep 0.01; done": 9,
		"trap '' INT; echo ready; while :; do sleep 1; done":          130,
	} {
		p := ptytest.Open(t)
		j := cmdtest.Start(t, []string{"ptwalk", "syscalls", "-f", "-o", "/dev/null", "sh", "-c", script}, p.On)
		p.Sees("ready")
		p.Press("\x03")
		e := j.End()
		if len(e.Alive) > 0 { // what has lost its parent is init's to reap
			t.Errorf("left alive: %v", e.Alive)
		}
		if e.Status != status && e.Status != 130 { // a busy machine may not come to it in 200 ms
			t.Errorf("%s: status %d, want %d", script, e.Status, status)
		}
		p.Unchanged()
	}
}

// A program that is stopped rests until SIGCONT.
func TestGroupStop(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	lines := filepath.Join(t.TempDir(), "lines")
	j := cmdtest.Start(t, []string{"ptwalk", "syscalls", "-o", lines, "sh", "-c", "kill -STOP $$; exit 8"})
	text := func() string { b, _ := os.ReadFile(lines); return string(b) }
	cmdtest.Await(t, "the program is stopped", func() bool { return strings.Contains(text(), "--- stopped by SIGSTOP ---\n") })
	before := text()
	for _, child := range cmdtest.Children(j.PID) {
		if text() != before {
			t.Error("a stopped program goes on")
		}
		syscall.Kill(child, syscall.SIGCONT)
	}
	e := j.End()
	e.LeftNothing(t)
	if e.Status != 8 || !strings.Contains(text(), "--- SIGCONT ") {
		t.Errorf("status %d, want 8\n%s", e.Status, text())
	}
}

// Nobody reads our lines any more: the program runs on to its end.
func TestLinesCannotBeWritten(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	e := cmdtest.Run(t, []string{"ptwalk", "syscalls", "-o", "/dev/full", "sh", "-c", "echo out; exit 3"})
	if e.Status != 125 || e.Stdout != "out\n" || !strings.Contains(e.Stderr, "No space left") && !strings.Contains(e.Stderr, "no space left") {
		t.Errorf("status %d, output %q\n%s", e.Status, e.Stdout, e.Stderr)
	}
}
