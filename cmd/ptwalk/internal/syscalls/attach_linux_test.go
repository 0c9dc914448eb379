package syscalls

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
)

// A process that runs already goes on, whatever way the look ends.
func TestAttached(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	r := cmdtest.Seeded(t)
	for _, k := range []*cmdtest.Target{cmdtest.Ticker(t), cmdtest.Tickers(t)} {
		for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL, syscall.SIGINT, syscall.SIGKILL} {
			j := cmdtest.Start(t, []string{"ptwalk", "syscalls", "-f", "-p", k.String()})
			time.Sleep(2 * cmdtest.AnyMoment(r))
			j.Signal(sig)
			e := j.End()
			if e.Status != 128+int(sig) && !e.EndedBy(sig) {
				t.Errorf("%v: status %d\n%s", sig, e.Status, e.Stderr)
			}
			k.Ticks()
			if by := cmdtest.Status(k.PID, "TracerPid"); by != "0" {
				t.Errorf("%v: the tracer is %s", sig, by)
			}
		}
		e := cmdtest.Run(t, []string{"ptwalk", "syscalls", "--timeout", "300ms", "-p", k.String()})
		if e.Status != 124 || !strings.Contains(e.Stderr, "attached\n") {
			t.Errorf("status %d, want 124\n%s", e.Status, e.Stderr)
		}
		k.Ticks()
	}
}

// All threads are seen, their calls and the end of the process.
func TestAttachedToItsEnd(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	read, write, err := os.Pipe()
	cmdtest.Must(t, err)
	defer write.Close()
	k := cmdtest.Launch(t, read, "/bin/sh", "sh", "-c", "read line; (exit 2); exit 5")
	read.Close()
	lines := filepath.Join(t.TempDir(), "lines")
	j := cmdtest.Start(t, []string{"ptwalk", "syscalls", "-f", "-o", lines, "-p", k.String()})
	cmdtest.Await(t, "it is in a call that we have seen", func() bool {
		text, _ := os.ReadFile(lines)
		return strings.Contains(string(text), "read(0, ")
	})
	_, err = write.WriteString("a line\n")
	cmdtest.Must(t, err)
	if e := j.End(); e.Status != 0 {
		t.Errorf("status %d\n%s", e.Status, e.Stderr)
	}
	text, err := os.ReadFile(lines)
	cmdtest.Must(t, err)
	for _, want := range []string{`read(0, "a", 1) = 1`, "+++ exited with 2 +++", "+++ exited with 5 +++", "SIGCHLD"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// A stopped process stays stopped, and SIGCONT wakes it while we look.
func TestAttachedToAStoppedProcess(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	k := cmdtest.Ticker(t)
	k.Signal(syscall.SIGSTOP)
	k.Rests()
	j := cmdtest.Start(t, []string{"ptwalk", "syscalls", "-p", k.String()})
	cmdtest.Await(t, "we are its tracer", func() bool { return cmdtest.Status(k.PID, "TracerPid") != "0" })
	k.Rests()
	j.Signal(syscall.SIGINT)
	j.End()
	k.Rests()
	j = cmdtest.Start(t, []string{"ptwalk", "syscalls", "-p", k.String()})
	cmdtest.Await(t, "we are its tracer", func() bool { return cmdtest.Status(k.PID, "TracerPid") != "0" })
	k.Signal(syscall.SIGCONT)
	k.Ticks()
	j.Signal(syscall.SIGINT)
	j.End()
	k.Ticks()
}

// Whoever reads our lines does not read: the process does not wait for it, and Ctrl-C
// ends us.
func TestAttachedWithASlowReader(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	read, write, err := os.Pipe()
	cmdtest.Must(t, err)
	defer read.Close()
	cmdtest.Fill(t, write)
	k := cmdtest.Ticker(t)
	j := cmdtest.Start(t, []string{"sh", "-c", "exec ptwalk syscalls -p " + k.String() + " 2>&1"}, cmdtest.Stdout(write))
	write.Close()
	cmdtest.Await(t, "we are its tracer", func() bool { return cmdtest.Status(k.PID, "TracerPid") != "0" })
	k.Ticks()
	k.Ticks()
	j.Signal(syscall.SIGINT)
	if e := j.End(); e.Status != 130 {
		t.Errorf("status %d, want 130", e.Status)
	}
	k.Ticks()
}

func TestRefusedProcesses(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	e := cmdtest.Run(t, []string{"ptwalk", "syscalls", "-p", "2147483647"})
	e.Wants(t, 4, "[PT-NOPID]\n")
	e = cmdtest.Run(t, []string{"ptwalk", "syscalls", "-p", "2"})
	if e.Status != 3 && e.Status != 4 {
		t.Errorf("status %d for a thread of the kernel\n%s", e.Status, e.Stderr)
	}
	e.OneSentence(t)
}
