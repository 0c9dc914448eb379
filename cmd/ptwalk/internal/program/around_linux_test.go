package program

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
	"ptwalk/internal/ptytest"
)

// What a program leaves behind: it goes where we end the program, and stays where the
// program ends by itself.

// ends are the ends that are ours: by our flags, or by a signal to us.
var ends = []struct {
	command string
	signal  syscall.Signal
	status  int
}{
	{"ptwalk count --timeout 1s", 0, 124},
	{"ptwalk count -f --timeout 1s", 0, 124},
	{"ptwalk step --limit 1 --timeout 1s", 0, 124},
	{"ptwalk count", syscall.SIGTERM, 143},
	{"ptwalk step --limit 1", syscall.SIGHUP, 129},
}

// The process that the program waits for has our standard output too: whoever reads
// that would wait for its end.
func TestChildrenEndWithTheProgram(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	for _, program := range []string{
		"echo ready; sleep 300; true",
		"(setsid sh -c 'sleep 300 & sleep 300' &); echo ready; sleep 300; true", // daemons
		"trap '' TERM HUP; sh -c 'echo ready; sleep 300; true'; true",           // killed, after our patience
	} {
		for _, c := range ends {
			p := ptytest.Open(t)
			j := cmdtest.Start(t, append(strings.Fields(c.command), "sh", "-c", program), cmdtest.Stdout(p.Slave))
			p.Sees("ready")
			if c.signal != 0 {
				j.Signal(c.signal)
			}
			e := j.End()
			e.LeftNothing(t)
			if e.Status != c.status || e.Took > cmdtest.Soon+time.Second {
				t.Errorf("%s, %q: status %d after %v, want %d\n%s", c.command, program, e.Status, e.Took, c.status, e.Stderr)
			}
		}
	}
}

func TestChildrenEndAtTheLimit(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	e := cmdtest.Run(t, []string{"ptwalk", "count", "--limit", "3000000", "sh", "-c", "sleep 300 & while :; do :; done"})
	e.Wants(t, 0, "partial: the limit is reached")
}

func TestDaemonsOutliveTheProgram(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	for _, tool := range tools {
		e := cmdtest.Start(t, append(strings.Fields(tool), "sh", "-c", "(setsid sleep 300 &); exit 3"), cmdtest.Quiet).End()
		if e.Status != 3 || len(e.Alive) != 1 {
			t.Errorf("%s: status %d, want 3; alive are %v, and one should be", tool, e.Status, e.Alive)
		}
	}
}

// A child that we have by the exec of a shell was not started by the program.
func TestOurOtherChildrenStay(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	for _, command := range []string{"ptwalk count --timeout 500ms", "ptwalk step --limit 1 --timeout 500ms"} {
		e := cmdtest.Start(t, []string{"sh", "-c", "sleep 300 & exec " + command + " sh -c 'sleep 299; true'"}, cmdtest.Quiet).End()
		if e.Status != 124 || len(e.Alive) != 1 {
			t.Errorf("%s: status %d, want 124; alive are %v, and one should be", command, e.Status, e.Alive)
		}
	}
}

// The modes of the terminal are put back where we end the program.
func TestModesOfTheTerminal(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "stty")
	for _, c := range ends {
		p := ptytest.Open(t)
		j := cmdtest.Start(t, append(strings.Fields(c.command), "sh", "-c", "stty raw -echo; echo ready; exec sleep 300"), p.On)
		p.Sees("ready")
		if c.signal != 0 {
			j.Signal(c.signal)
		}
		if e := j.End(); e.Status != c.status {
			t.Errorf("%s: status %d, want %d\n%s", c.command, e.Status, c.status, p.Shown())
		}
		p.Unchanged()
	}
}

// A program that ends by itself leaves the modes that it has set, as stty does.
func TestModesOfAProgramThatEnds(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "stty")
	for _, tool := range tools {
		p := ptytest.Open(t)
		e := cmdtest.Start(t, append(strings.Fields(tool), "stty", "-echo"), p.On).End()
		if e.Status != 0 || !p.Changed() {
			t.Errorf("%s stty -echo: status %d, and the terminal echoes as before", tool, e.Status)
		}
	}
}

// A shell takes the foreground for itself. When it was killed we have it back, and
// whoever has started us can read again.
func TestForegroundOfTheTerminal(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "bash")
	for _, command := range []string{"ptwalk count --timeout 2s", "ptwalk step --limit 1 --timeout 2s"} {
		p := ptytest.Start(t, nil, "sh", "-c", command+" bash --norc -i; echo over; read line; echo got $line")
		p.Sees("$ ")
		p.Sees("over\n")
		p.Press("hello\n", "got hello")
		p.Ends(0)
	}
}
