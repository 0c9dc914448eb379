package main

import (
	"fmt"
	"strings"
	"testing"

	"ptwalk/internal/cmdtest"
)

// Without descriptors nothing can be started. We say so, and do not hang.
func TestA07NoDescriptorIsLeft(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	again := cmdtest.Compile(t, "again")
	for _, c := range []struct {
		command     string
		few, enough int // the status; -1: it takes long, and is not run
	}{
		{"ptwalk count " + again, 125, 9},
		{"ptwalk step --plain --limit 10 " + again, 125, 9},
		{"ptwalk 1 --plain", 1, 0},
		{"ptwalk count", 1, -1},
		{"ptwalk version", 1, 0},
	} {
		for _, n := range []int{8, 12, 19} {
			e := cmdtest.Run(t, []string{"sh", "-c", fmt.Sprintf("ulimit -n %d; %s", n, c.command)})
			e.Wants(t, c.few, "ulimit -n")
			e.OneSentence(t)
		}
		if c.enough < 0 {
			continue
		}
		if e := cmdtest.Run(t, []string{"sh", "-c", "ulimit -n 20; " + c.command}); e.Status != c.enough {
			t.Errorf("%s with 20 descriptors: status %d, want %d\n%s", c.command, e.Status, c.enough, e.Stderr)
		}
	}
}

// The Go runtime opens /dev/null in the place of what is closed. No file of ours
// takes that place.
func TestA15DescriptorsAreClosed(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	k := cmdtest.Ticker(t)
	again := cmdtest.Compile(t, "again") + " x"
	for _, args := range []string{
		"ptwalk", "ptwalk 1 --plain", "ptwalk 5 --json", "ptwalk attach " + k.String(),
		"ptwalk count " + again + " || test $? = 9 #", "ptwalk step true", "ptwalk doctor", "ptwalk explain 0x57f",
	} {
		if e := cmdtest.Run(t, []string{"sh", "-c", "exec <&- >&- 2>&-; " + args}); e.Status != 0 {
			t.Errorf("%s with closed descriptors: status %d", args, e.Status)
		}
		// Standard error alone is left open, and nothing but a report goes there.
		e := cmdtest.Run(t, []string{"sh", "-c", "exec <&- >&-; " + args})
		if e.Status != 0 || (e.Stderr != "" && !strings.Contains(args, "count")) {
			t.Errorf("%s: status %d\n%s", args, e.Status, e.Stderr)
		}
	}
	k.Unharmed()
}
