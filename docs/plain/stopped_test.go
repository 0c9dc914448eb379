//go:build linux && amd64

package plain_test

import (
	"bufio"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// held is what a tracer prints that keeps its tracee stopped, at the end of a line.
const held = "group-stop until SIGCONT"

// stopsItself: a tracee that sends itself SIGSTOP stays stopped until somebody sends it
// SIGCONT, as it does without a tracer. Or SIGKILL, which ends it where it stopped.
func stopsItself(t *testing.T, dir, name string) {
	continued := stopped(t, filepath.Join(dir, name), syscall.SIGCONT, stops.natural)
	killed := stopped(t, filepath.Join(dir, name), syscall.SIGKILL, syscall.WaitStatus(syscall.SIGKILL))
	at := func(lines []string) int {
		return slices.IndexFunc(lines, func(line string) bool { return strings.HasSuffix(line, held) })
	}
	switch name {
	case "03-singlestep":
		// Nothing is executed between the stop and the signal that ends it.
		next := 0x400078 + len(stops.code) - len(exits7)
		look := "stop %d: rip 0x%x, signal %d, si_code 0, bytes bf 07 00 00 00 b8 3c 00"
		equal(t, continued[at(continued)-1], fmt.Sprintf(look, 13, next, unix.SIGSTOP))
		equal(t, continued[at(continued)], fmt.Sprintf("stop 14: rip 0x%x, %s", next, held))
		equal(t, continued[at(continued)+1], fmt.Sprintf(look, 15, next, unix.SIGCONT))
		if at(killed)+2 != len(killed) {
			t.Errorf("it has gone on: %q", killed)
		}
	case "04-count":
		// execve, 13 steps, SIGSTOP, the group-stop, SIGCONT.
		equal(t, strings.Join(continued[:3], ", "), held+", stops 17, instructions 14")
		equal(t, strings.Join(killed[:3], ", "), held+", stops 14, instructions 11")
	}
}

// stopped traces a program that sends itself SIGSTOP, sends the signal when it is stopped,
// and returns the tracer's lines. The last one is about the end.
func stopped(t *testing.T, tracer string, signal syscall.Signal, end syscall.WaitStatus) (lines []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	cmd := withoutCore(ctx, []string{tracer, stops.file(t)})
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	said := make(chan string)
	go func() {
		defer close(said)
		for scan := bufio.NewScanner(stdout); scan.Scan(); {
			said <- scan.Text()
		}
	}()

	// A tracer that has detached leaves its child in state T. One that is still the tracer
	// says that it waits.
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for sent := false; ; {
		select {
		case line, more := <-said:
			if !more {
				if !sent || len(lines) == 0 {
					t.Fatalf("it has not stopped: %q", lines)
				}
				sameEnd(t, lines[len(lines)-1], end)
				return lines
			}
			lines = append(lines, line)
		case <-look.C:
		}
		waits := len(lines) > 0 && strings.HasSuffix(lines[len(lines)-1], held)
		child, state := childOf(cmd.Process.Pid)
		if !sent && (state == "T" || state == "t" && waits) {
			sent = true
			if err := unix.Kill(child, signal); err != nil {
				t.Fatal(err)
			}
		}
	}
}
