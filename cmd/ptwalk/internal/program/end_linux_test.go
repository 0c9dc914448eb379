package program

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
	"ptwalk/internal/cmdtest"
)

// How a program ends, and what happens when we end.

// Somebody else kills the program at a random moment.
func TestC04SIGKILLWhileRunning(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	r := cmdtest.Seeded(t)
	ticker := cmdtest.File(t, "ticker", asm.Ticker.Bytes(), 0o755)
	for range 15 {
		for _, command := range []string{"ptwalk count", "ptwalk step --plain --limit 1000000000", "ptwalk step --limit 5"} {
			j := cmdtest.Start(t, append(strings.Fields(command), ticker), cmdtest.Quiet)
			var child int
			cmdtest.Await(t, "the program has started", func() bool {
				for _, child = range cmdtest.Children(j.PID) {
				}
				return child != 0
			})
			time.Sleep(cmdtest.AnyMoment(r) / 4)
			syscall.Kill(child, syscall.SIGKILL)
			e := j.End()
			e.LeftNothing(t)
			if e.Status != 137 || strings.Contains(e.Stderr, "ptwalk:") {
				t.Errorf("%s: status %d, want 137 without a complaint\n%s", command, e.Status, e.Stderr)
			}
		}
	}
}

// Programs that end at once, one after the other and many at a time.
func TestC13FastPrograms(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	hello := cmdtest.File(t, "hello64", asm.Hello64.Bytes(), 0o755)
	jobs := make([]*cmdtest.Job, 0, 8)
	for range 5 {
		jobs = jobs[:0]
		for i := range cap(jobs) {
			jobs = append(jobs, cmdtest.Start(t, append(strings.Fields(tools[i%2]), hello)))
		}
		for _, j := range jobs {
			e := j.End()
			e.LeftNothing(t)
			if e.Status != 1 {
				t.Errorf("status %d, want 1\n%s", e.Status, e.Stderr)
			}
		}
	}
}

// A virtual machine may not get past an icebp. Without a handler it ends the program
// all the same, by its SIGTRAP, after a few rows.
func TestC14IcebpTrapsForEver(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	icebp := cmdtest.Compile(t, "icebp")
	for _, command := range []string{"ptwalk count", "ptwalk step --plain --limit 0"} {
		e := cmdtest.Run(t, append(strings.Fields(command), icebp))
		if e.Status != 128+int(syscall.SIGTRAP) || strings.Count(e.Stdout, "icebp") > 1 {
			t.Errorf("%s: status %d, want 133 and one row of the icebp\n%s%s", command, e.Status, e.Stdout, e.Stderr)
		}
	}
}

// Whatever we started ends with us.
func TestE09KillNineWithAProgramOfOurs(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	r := cmdtest.Seeded(t)
	for _, args := range []string{
		"ptwalk step --limit 1 --plain sleep 300", "ptwalk count sleep 300",
		"ptwalk step --limit 1000000000 --plain sh", "ptwalk 3 --plain", "ptwalk 5 --plain",
	} {
		for range 6 {
			zero, err := os.Open("/dev/zero") // sh reads for ever
			cmdtest.Must(t, err)
			j := cmdtest.Start(t, strings.Fields(args), cmdtest.Stdin(zero), cmdtest.Quiet)
			time.Sleep(2 * cmdtest.AnyMoment(r))
			j.Signal(syscall.SIGKILL)
			e := j.End()
			zero.Close()
			e.LeftNothing(t)
		}
	}
}

// The program is killed in its first moments, which are before our first request
// or just after it.
func TestE10KillNineAtTheStart(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	for _, command := range []string{"ptwalk count", "ptwalk count -f", "ptwalk step --plain --limit 1000000000"} {
		for n := range 10 {
			j := cmdtest.Start(t, append(strings.Fields(command), "sleep", "300"), cmdtest.Quiet)
			cmdtest.Await(t, "the child is there", func() bool { return len(cmdtest.Children(j.PID)) > 0 })
			time.Sleep(time.Duration(n*n) * 50 * time.Microsecond)
			j.Signal(syscall.SIGKILL)
			if e := j.End(); len(e.Late) > 0 {
				t.Errorf("%s, turn %d: left alive: %v", command, n, e.Late)
			}
		}
	}
}

func TestH02VforkInOurPrograms(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	vforks := cmdtest.Compile(t, "vforks")
	for _, tool := range append(tools, "ptwalk count -f", "ptwalk step --plain --limit 100000") {
		endsWith(t, 5, append(strings.Fields(tool), vforks)...)
	}
}

// The status is the program's, although a child of it ends later.
func TestH04ChildOutlivesItsParent(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	endsWith(t, 3, "ptwalk", "count", "-f", "sh", "-c", "sleep 0.05 & exit 3")
}

// endsWith is for a program that does not wait for its children: they are init's
// to reap, and here our supervisor's.
func endsWith(t *testing.T, status int, args ...string) {
	t.Helper()
	e := cmdtest.Start(t, args).End()
	if e.Status != status || len(e.Alive) > 0 {
		t.Errorf("%v: status %d, want %d; left alive: %v\n%s", args, e.Status, status, e.Alive, e.Stderr)
	}
}

// A program whose name would clear the screen: no escape character reaches ours.
func TestF10NamesThatChangeTheTerminal(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	evil := cmdtest.File(t, "a\x1b[2Jb", asm.Hello64.Bytes(), 0o755)
	for _, command := range []string{"ptwalk count", "ptwalk step --limit 7", "ptwalk count --json", "ptwalk count --folded", "ptwalk count /nonexistent"} {
		e := cmdtest.Run(t, append(strings.Fields(command), evil), cmdtest.Quiet)
		if strings.Contains(e.Stderr, "\x1b") {
			t.Errorf("%s: %q", command, e.Stderr)
		}
	}
}

func TestI06HostileNameOfAProgram(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	hostile := cmdtest.File(t, "a) R (\n\x1b[2Jb", asm.Hello64.Bytes(), 0o755)
	for _, tool := range append(tools, "ptwalk count --json") {
		e := cmdtest.Run(t, append(strings.Fields(tool), hostile))
		if e.Status != 1 || strings.Contains(e.Stderr+e.Stdout, "\x1b") {
			t.Errorf("%s: status %d, or an escape on the terminal: %q", tool, e.Status, e.Stderr)
		}
	}
	cannot(t, 127, "not found", "/nonexistent/\x1b[2J")
}
