package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
	"ptwalk/internal/cmdtest"
)

// printing are commands that print, one of each kind.
func printing(t *testing.T) []string {
	t.Helper()
	k := cmdtest.Ticker(t)
	return []string{
		"ptwalk", "ptwalk help", "ptwalk version", "ptwalk man", "ptwalk completion bash", "ptwalk doctor", "ptwalk doctor --json",
		"ptwalk explain 0x57f", "ptwalk 1", "ptwalk 2 --json", "ptwalk 5 --markdown", "ptwalk attach " + k.String(), "ptwalk attach --json " + k.String(),
		"ptwalk step --limit 5 " + cmdtest.File(t, "hello64", asm.Hello64.Bytes(), 0o755),
	}
}

func TestI01OutputIsFullOrClosed(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	for _, command := range printing(t) {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		cmdtest.Must(t, err)
		e := cmdtest.Run(t, strings.Fields(command), cmdtest.Stdout(full))
		full.Close()
		if e.Status == 0 || !strings.Contains(e.Stderr, "no space left") {
			t.Errorf("%s > /dev/full: status %d\n%s", command, e.Status, e.Stderr)
		}
		e.OneSentence(t)

		read, write, err := os.Pipe()
		cmdtest.Must(t, err)
		read.Close()
		e = cmdtest.Run(t, strings.Fields(command), cmdtest.Stdout(write))
		write.Close()
		if e.Status == 0 || strings.Contains(e.Stderr, "goroutine") {
			t.Errorf("%s to a closed pipe: status %d\n%s", command, e.Status, e.Stderr)
		}
	}
	// The report of count goes to standard error.
	e := cmdtest.Run(t, []string{"sh", "-c", "exec ptwalk count -o /dev/full " + cmdtest.File(t, "hello64", asm.Hello64.Bytes(), 0o755)})
	e.Wants(t, 125, "no space left")
}

// A pipe that nobody reads: Ctrl-C leaves within a second.
func TestI01SlowPipe(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	for _, command := range printing(t) {
		if !strings.Contains(command, "attach") && !strings.HasPrefix(command, "ptwalk 1") && !strings.HasPrefix(command, "ptwalk 2") {
			continue
		}
		read, write, err := os.Pipe()
		cmdtest.Must(t, err)
		cmdtest.Fill(t, write)
		j := cmdtest.Start(t, strings.Fields(command), cmdtest.Stdout(write))
		cmdtest.Await(t, "ptwalk waits for the pipe", func() bool { return cmdtest.WaitsIn(j.PID, "pipe") })
		sent := time.Now()
		j.Signal(2)
		e := j.End()
		read.Close()
		write.Close()
		if took := time.Since(sent); took > cmdtest.Soon || e.Status != 130 {
			t.Errorf("%s: status %d after %v, want 130 within a second", command, e.Status, took)
		}
		for _, child := range e.Alive {
			t.Errorf("%s left %s", command, child)
		}
	}
}

// Other systems get a program that says what it cannot do. The other machine,
// arm64, is part of make check.
func TestI07OtherSystems(t *testing.T) {
	c := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(t.TempDir(), "ptwalk"), ".")
	c.Env = append(os.Environ(), "GOOS=darwin", "GOARCH=arm64", "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// SIGQUIT ends what has not begun to catch signals too, and no stacks are printed.
func TestE02QuitAtTheStart(t *testing.T) {
	for _, command := range []string{"ptwalk version", "ptwalk help", "ptwalk man"} {
		read, write, err := os.Pipe()
		cmdtest.Must(t, err)
		cmdtest.Fill(t, write)
		j := cmdtest.Start(t, strings.Fields(command), cmdtest.Stdout(write))
		cmdtest.Await(t, "ptwalk waits for the pipe", func() bool { return cmdtest.WaitsIn(j.PID, "pipe") })
		j.Signal(syscall.SIGQUIT)
		e := j.End()
		read.Close()
		write.Close()
		e.Wants(t, 131, "")
	}
	// It is caught before the packages that take long are initialised.
	e := cmdtest.Run(t, []string{"env", "GODEBUG=inittrace=1", "ptwalk", "version"})
	quit, slow := strings.Index(e.Stderr, "init ptwalk/lessons/stage/supervise/quit "), strings.Index(e.Stderr, "init github.com/yuin/goldmark/util ")
	if quit < 0 || slow < 0 || quit > slow {
		t.Errorf("SIGQUIT is caught too late:\n%s", e.Stderr)
	}
}
