//go:build linux && amd64

package plain_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// survives: whatever a parent has left to a tracer, and whatever its tracee does, the
// tracee ends as it does without a tracer, and the tracer says so.
func survives(t *testing.T, dir string) {
	for _, p := range programs {
		t.Run(p.name+"/natively", func(t *testing.T) { p.start(t).ends(t, p.natural) })
	}
	for _, under := range []string{"", "SIGTRAP blocked", "SIGCHLD ignored", "EINTR"} {
		for _, p := range programs {
			for _, name := range starters() {
				t.Run(strings.Join([]string{name, p.name, under}, "/"), func(t *testing.T) {
					r := runUnder(t, under, filepath.Join(dir, name), p.file(t))
					lines := r.all()
					if r.status != 0 || r.stderr != "" {
						t.Fatal(r)
					}
					sameEnd(t, lines[len(lines)-1], p.natural)
					if name == "04-count" {
						equal(t, lines[len(lines)-2], fmt.Sprint("instructions ", p.instructions))
					}
				})
			}
			t.Run(strings.Join([]string{"05-attach", p.name, under}, "/"), func(t *testing.T) {
				process := p.start(t)
				r := runUnder(t, under, filepath.Join(dir, "05-attach"), fmt.Sprint(process.Pid))
				if a := attached(t, r.lines(t, 3)); a.pid != process.Pid || !a.lives() {
					t.Errorf("%+v", a)
				}
				process.ends(t, p.natural)
			})
		}
		t.Run(strings.Join([]string{"05-attach", "its own ticker", under}, "/"), func(t *testing.T) {
			lines := runUnder(t, under, filepath.Join(dir, "05-attach")).lines(t, 4)
			equal(t, lines[3], "wait status 0x00000009: killed by signal 9")
		})
	}
	t.Run("03-singlestep/says what it cannot read", func(t *testing.T) {
		lines := runAt(t, dir, "03-singlestep", jumps.file(t)).all()
		equal(t, lines[len(lines)-2], "stop 9: rip 0x0, signal 11, si_code 1, bytes unreadable")
	})
	for _, name := range starters() {
		t.Run(name+"/stops itself", func(t *testing.T) { stopsItself(t, dir, name) })
	}
	t.Run("05-attach/stops itself", func(t *testing.T) {
		process := stops.start(t)
		runAt(t, dir, "05-attach", fmt.Sprint(process.Pid)).lines(t, 3)
		process.input.Close()
		var ws unix.WaitStatus
		if _, err := unix.Wait4(process.Pid, &ws, unix.WUNTRACED, nil); err != nil || ws.StopSignal() != unix.SIGSTOP {
			t.Fatalf("wait status %#x, %v", ws, err)
		}
		process.Signal(syscall.SIGCONT)
		process.ends(t, stops.natural)
	})
}

// comesFirst: a signal that the child gets between PTRACE_TRACEME and execve. In Go
// syscall.ForkExec makes both, and returns when execve is done: no program can see it.
func comesFirst(t *testing.T, dir string) {
	for _, name := range starters() {
		t.Run("SIGWINCH came first/"+name, func(t *testing.T) {
			r := runUnder(t, "SIGWINCH came first", filepath.Join(dir, name))
			equal(t, r.String(), run(t, dir, name).String())
		})
		t.Run("SIGTERM came first/"+name, func(t *testing.T) {
			first := "hello64" // what it runs if nothing else is asked for
			if name == "10-signals" {
				first = "told"
			}
			r := runUnder(t, "SIGTERM came first", filepath.Join(dir, name))
			equal(t, r.stderr, name+": asm/bin/"+first+" was killed by signal 15 before it began\n")
			if r.status != 1 || r.stdout != "" {
				t.Error(r)
			}
		})
	}
}

// runUnder runs a command line under a condition.
func runUnder(t *testing.T, under string, argv ...string) result {
	t.Helper()
	if under != "" {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		argv = append([]string{"/usr/bin/env", condition + "=" + under, self}, argv...)
	}
	r := runIn(t, top, argv...)
	if r.status == never {
		t.Fatalf("%s: %v", under, r)
	}
	return r
}

// sameEnd compares a wait status line with the end that a program has of its own.
func sameEnd(t *testing.T, line string, want syscall.WaitStatus) {
	t.Helper()
	how := fmt.Sprintf("exited with status %d", want.ExitStatus())
	if want.Signaled() {
		how = fmt.Sprintf("killed by signal %d", want.Signal())
	}
	equal(t, line, fmt.Sprintf("wait status 0x%08x: %s", uint32(want), how))
}
