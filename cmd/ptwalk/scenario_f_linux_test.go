package main

import (
	"os/exec"
	"strings"
	"testing"

	"ptwalk/asm"
)

// A program whose name would clear the screen: no escape character reaches ours.
func TestF10NamesThatChangeTheTerminal(t *testing.T) {
	needsPtrace(t)
	evil := file(t, "a\x1b[2Jb", asm.Hello64.Bytes(), 0o755)
	for _, command := range []string{"ptwalk count", "ptwalk step --limit 7", "ptwalk count --json", "ptwalk count --folded", "ptwalk count /nonexistent"} {
		e := session(t, append(words(command), evil), func(c *exec.Cmd) { c.Stdout = nil })
		if strings.Contains(e.Stderr, "\x1b") {
			t.Errorf("%s: %q", command, e.Stderr)
		}
	}
}
