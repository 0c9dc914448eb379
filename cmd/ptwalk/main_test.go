package main

import (
	"strings"
	"testing"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/help"
	"ptwalk/lessons"
)

// TestCommands: each command has what the help and the manual page tell of it, and
// fits into a line of them.
func TestCommands(t *testing.T) {
	seen := map[string]bool{}
	all := commands()
	for i, c := range all {
		if seen[c.Name] || (c.Name == "") != (i == 0) {
			t.Errorf("command %d has the name %q", i, c.Name)
		}
		seen[c.Name] = true
		if !strings.HasPrefix(c.UsageLine, c.Name) || !strings.HasPrefix(c.Usage(), "ptwalk "+c.Name) || c.Short == "" || c.Run == nil {
			t.Errorf("%q is not whole: %+v", c.Name, c)
		}
		if !strings.Contains(help.Text(commands), "  ptwalk "+c.UsageLine+" ") {
			t.Errorf("the help does not tell of %q", c.Name)
		}
	}
}

// TestChosen: the first word says which command is meant; count and attach alone are
// lessons.
func TestChosen(t *testing.T) {
	for line, want := range map[string]string{
		"": "", "1": "", "traceme": "", "--plain": "", "nosuch": "", "step": "step", "step true": "step",
		"count": "", "count --json": "", "count true": "count", "count --json true": "count", "count -h": "count", "count --nosuch": "count",
		"attach": "", "attach 1": "attach", "syscalls": alone("syscalls"), "syscalls true": "syscalls", "syscalls -p 1": "syscalls", "man": "man",
	} {
		if got := chosen(strings.Fields(line)); got.Name != want {
			t.Errorf("%q is command %q, want %q", line, got.Name, want)
		}
	}
}

// alone is the command that a word means which is a command, and a lesson or not.
func alone(word string) string {
	if _, lesson := lessons.Find(word); lesson {
		return ""
	}
	return word
}

// TestNames: the commands can be named, and lessons are no command.
func TestNames(t *testing.T) {
	names := base.Table(commands).Names()
	if len(names) != len(commands())-1 || names[0] != "step" {
		t.Errorf("the names are %q", names)
	}
}
