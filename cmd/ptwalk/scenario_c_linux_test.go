package main

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
)

// Stops and ends, seen from outside. Those inside are in the package tracer.

// A core file is not what the exit status tells: it is 128+n with and without.
func TestC02CoreDump(t *testing.T) {
	needsPtrace(t)
	crash := file(t, "crash", asm.Crash.Bytes(), 0o755)
	for _, limit := range []string{"0", "unlimited"} {
		for _, tool := range tools {
			e := session(t, []string{"sh", "-c", "cd $TMPDIR && ulimit -c " + limit + " && { " + tool + " " + crash + "; status=$?; rm -f core*; exit $status; }"})
			if e.Status != 128+int(syscall.SIGSEGV) {
				t.Errorf("%s, core size %s: status %d, want 139\n%s", tool, limit, e.Status, e.Stderr)
			}
		}
	}
}

// Somebody else kills the program at a random moment.
func TestC04SIGKILLWhileRunning(t *testing.T) {
	needsPtrace(t)
	r := seeded(t)
	ticker := file(t, "ticker", asm.Ticker.Bytes(), 0o755)
	for range 15 {
		for _, command := range []string{"ptwalk count", "ptwalk step --plain --limit 1000000000", "ptwalk step --limit 5"} {
			j := start(t, append(words(command), ticker), func(c *exec.Cmd) { c.Stdout = nil })
			var child int
			await(t, "the program has started", func() bool {
				for _, child = range childrenOf(j.pid) {
				}
				return child != 0
			})
			time.Sleep(anyMoment(r) / 4)
			syscall.Kill(child, syscall.SIGKILL)
			e := j.end()
			e.leftNothing(t)
			if e.Status != 137 || strings.Contains(e.Stderr, "ptwalk:") {
				t.Errorf("%s: status %d, want 137 without a complaint\n%s", command, e.Status, e.Stderr)
			}
		}
	}
}

// SIGCHLD is ignored where we come from. Our children are reaped all the same.
func TestC09SIGCHLDIsIgnored(t *testing.T) {
	needsPtrace(t)
	again := compile(t, "again")
	for _, command := range append(tools, "ptwalk count -f") {
		exits(t, "sh -c", 9, "trap '' CHLD; exec "+command+" "+again+" x")
	}
	for _, lesson := range []string{"1", "2", "3", "5"} {
		session(t, []string{"sh", "-c", "trap '' CHLD; exec ptwalk --plain " + lesson}).wants(t, 0, "")
	}
}

func TestC11ExitStatus(t *testing.T) {
	needsPtrace(t)
	for _, status := range []int{0, 1, 42, 124, 125, 126, 127, 128, 130, 255} {
		exits(t, "ptwalk step --limit 2", status, "sh", "-c", fmt.Sprintf("exit %d", status))
	}
	again := compile(t, "again")
	exits(t, "ptwalk count", 9, again)
}

// No child, no zombie and no file stays, whatever the way out.
func TestC12NothingIsLeft(t *testing.T) {
	needsPtrace(t)
	k := startTicker(t)
	for command, status := range map[string]int{
		"ptwalk all --plain":                         0,
		"ptwalk 4 --json":                            0,
		"ptwalk 5 --no-such-flag":                    2,
		"be filter=1 -- ptwalk 1":                    3,
		"be filter=1 -- ptwalk count true":           125,
		"be filter=1 -- ptwalk attach " + k.String(): 3,
		"ptwalk count --timeout 100ms sleep 300":     124,
		"ptwalk count --limit 100 sleep 300":         0,
		"ptwalk count /nonexistent":                  127,
		"ptwalk step --limit 1 true":                 0,
		"ptwalk doctor":                              0,
		"ptwalk attach 2147483647":                   4,
	} {
		if e := session(t, words(command), func(c *exec.Cmd) { c.Stdout = nil }); e.Status != status {
			t.Errorf("%s: status %d, want %d\n%s", command, e.Status, status, e.Stderr)
		}
	}
	k.unharmed()
}

// Programs that end at once, one after the other and many at a time.
func TestC13FastPrograms(t *testing.T) {
	needsPtrace(t)
	hello := file(t, "hello64", asm.Hello64.Bytes(), 0o755)
	jobs := make([]*job, 0, 8)
	for range 5 {
		jobs = jobs[:0]
		for i := range cap(jobs) {
			jobs = append(jobs, start(t, append(words(tools[i%2]), hello)))
		}
		for _, j := range jobs {
			e := j.end()
			e.leftNothing(t)
			if e.Status != 1 {
				t.Errorf("status %d, want 1\n%s", e.Status, e.Stderr)
			}
		}
	}
}

// Where a virtual machine traps for ever at icebp, we still end: after the limit
// of steps, by Ctrl-C, or because nothing moves on. Elsewhere the program ends by
// its SIGTRAP.
func TestC14IcebpTrapsForEver(t *testing.T) {
	needsPtrace(t)
	icebp := compile(t, "icebp")
	for _, command := range []string{"ptwalk count", "ptwalk step --plain --limit 200"} {
		j := start(t, append(words(command), icebp), func(c *exec.Cmd) { c.Stdout = nil })
		timer := time.AfterFunc(3*time.Second, func() { j.signal(syscall.SIGINT) })
		e := j.end()
		timer.Stop()
		e.leftNothing(t)
		switch e.Status {
		case 3, 125, 128 + int(syscall.SIGTRAP), 130:
		default:
			t.Errorf("%s: status %d\n%s", command, e.Status, e.Stderr)
		}
	}
}
