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
	{"ptwalk count --timeout 2s", 0, 124},
	{"ptwalk count -f --timeout 2s", 0, 124},
	{"ptwalk step --limit 1 --timeout 2s", 0, 124},
	{"ptwalk count", syscall.SIGTERM, 143},
	{"ptwalk step --limit 1", syscall.SIGHUP, 129},
}

// The process that the program has started has our standard output too: whoever reads
// that would wait for its end.
func TestH10ChildrenEndWithTheProgram(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	leaves := cmdtest.Compile(t, "leaves")
	for _, program := range []string{
		"crp",  // a child
		"drp",  // a daemon
		"icrp", // we kill it, after our patience
	} {
		for _, c := range ends {
			p := ptytest.Open(t)
			j := cmdtest.Start(t, append(strings.Fields(c.command), leaves, program), cmdtest.Stdout(p.Slave))
			p.Sees("ready")
			if c.signal != 0 {
				j.Signal(c.signal)
			}
			e := j.End()
			e.LeftNothing(t)
			if e.Status != c.status || e.Took > cmdtest.Soon+2*time.Second {
				t.Errorf("%s, %q: status %d after %v, want %d\n%s", c.command, program, e.Status, e.Took, c.status, e.Stderr)
			}
		}
	}
}

func TestH10ChildrenEndAtTheLimit(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	e := cmdtest.Run(t, []string{"ptwalk", "count", "--limit", "5000", cmdtest.Compile(t, "leaves"), "cdl"})
	e.Wants(t, 0, "partial: the limit is reached")
}

func TestH10DaemonsOutliveTheProgram(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	leaves := cmdtest.Compile(t, "leaves")
	for _, tool := range tools {
		e := cmdtest.Start(t, append(strings.Fields(tool), leaves, "d"), cmdtest.Quiet).End()
		if e.Status != 3 || len(e.Alive) == 0 {
			t.Errorf("%s: status %d, want 3; alive are %v, and the daemon should be", tool, e.Status, e.Alive)
		}
	}
}

// A child that we have by the exec of a shell was not started by the program.
func TestH10OurOtherChildrenStay(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	leaves := cmdtest.Compile(t, "leaves")
	for _, command := range []string{"ptwalk count --timeout 500ms", "ptwalk step --limit 1 --timeout 500ms"} {
		e := cmdtest.Start(t, []string{"sh", "-c", "sleep 300 & exec " + command + " " + leaves + " cp"}, cmdtest.Quiet).End()
		if e.Status != 124 || len(e.Alive) != 1 {
			t.Errorf("%s: status %d, want 124; alive are %v, and one should be", command, e.Status, e.Alive)
		}
	}
}

// The modes of the terminal are put back where we end the program.
func TestJ10ModesOfTheTerminal(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	leaves := cmdtest.Compile(t, "leaves")
	for _, c := range ends {
		p := ptytest.Open(t)
		j := cmdtest.Start(t, append(strings.Fields(c.command), leaves, "erp"), p.On)
		p.Sees("ready")
		if !p.Changed() {
			t.Errorf("%s: the program has changed nothing", c.command)
		}
		if c.signal != 0 {
			j.Signal(c.signal)
		}
		if e := j.End(); e.Status != c.status {
			t.Errorf("%s: status %d, want %d\n%s", c.command, e.Status, c.status, p.Shown())
		}
		p.Unchanged()
	}
}

// A program that ends by itself leaves the modes that it has set, as stty(1) does.
func TestJ10ModesOfAProgramThatEnds(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	leaves := cmdtest.Compile(t, "leaves")
	for _, tool := range tools {
		p := ptytest.Open(t)
		e := cmdtest.Start(t, append(strings.Fields(tool), leaves, "e"), p.On).End()
		if e.Status != 3 || !p.Changed() {
			t.Errorf("%s: status %d, or the terminal has its old modes", tool, e.Status)
		}
	}
}

// A shell takes the foreground for a group of its own. When it was killed we have it
// back, and whoever has started us can read again.
func TestJ10ForegroundOfTheTerminal(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	leaves := cmdtest.Compile(t, "leaves")
	for _, command := range []string{"ptwalk count --timeout 2s ", "ptwalk step --limit 1 --timeout 2s "} {
		p := ptytest.Start(t, nil, "sh", "-c", command+leaves+" ferp; echo over; read line; echo got $line")
		p.Sees("ready")
		p.Sees("over\n")
		p.Press("hello\n", "got hello")
		p.Ends(0)
	}
}
