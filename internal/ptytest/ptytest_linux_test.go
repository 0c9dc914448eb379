package ptytest

import (
	"strings"
	"testing"
)

// TestProgram types into a shell: what it prints is seen in order, nothing is seen
// twice, and its end is that of a shell.
func TestProgram(t *testing.T) {
	p := Start(t, nil, "sh", "-i")
	p.Sees("$ ")
	if shown := p.Press("stty size; tty -s && echo terminal\n", "24 80\n", "terminal\n"); strings.Contains(shown, "\r") {
		t.Errorf("%q has a carriage return", shown)
	}
	p.Resize(44)
	p.Press("stty size\n", "24 44\n")
	p.Press("exit 5\n", "exit 5\n")
	p.Ends(5)
	if rest := p.Rest(); strings.Contains(rest, "44") {
		t.Errorf("it was seen before: %q", rest)
	}
}

// TestStopped finds the programs of a session: one that is stopped, and none.
func TestStopped(t *testing.T) {
	p := Start(t, nil, "sh", "-i")
	p.Sees("$ ")
	p.Press("sh -c \"echo he''re; read line\"\n", "\nhere\n")
	p.Press("\x1a", "Stopped", "$ ")
	p.Stopped("sh")
	p.Press("kill -9 %1; exit 6; exit 6\n") // the first may remind of the job
	p.Ends(6)
}
