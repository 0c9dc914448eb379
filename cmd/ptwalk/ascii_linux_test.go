package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ptwalk/asm"
	"ptwalk/internal/cmdtest"
)

// TestASCII runs every command where no UTF-8 is to be had, some with operands
// outside ASCII, and looks at each byte on the screen.
func TestASCII(t *testing.T) {
	dir := t.TempDir()
	program := cmdtest.File(t, "na\u00efve", asm.Hello64.Bytes(), 0o755)
	recording := filepath.Join(dir, "\u4e2d.jsonl")
	cmdtest.Must(t, os.WriteFile(recording, []byte(`{"v":1,"kind":"lesson","t":1,"at":"","number":1,"name":"\u00e9","title":"´","kernel":"6.1","machine":"x86_64","version":"devel"}
{"v":1,"kind":"section","t":1,"at":"","number":1,"title":"→"}
{"v":1,"kind":"say","t":1,"at":"","text":"é → 中"}
{"v":1,"kind":"output","t":1,"at":"","stream":"stdout","text":"ü\u001b[31m"}
{"v":1,"kind":"end","t":1,"at":"","exit":0}
`), 0o600))
	all := [][]string{
		{}, {"help"}, {"1", "2", "3", "5", "--plain", "--color=never"}, {"1", "--markdown"}, {"2", "--accessible"}, {"present", "2", "--auto", "0s"},
		{"replay", "5"}, {"replay", recording}, {"replay", recording, "--markdown"}, {"replay", recording, "--accessible"},
		{"replay", recording, "--auto", "0s"}, {"replay", "\u4e2d"}, {"\u00e9"}, {"1", "--\u00e9"}, {"explain", "\u00e9"}, {"explain", "EPERM"},
		{"step", "--limit", "5", program, "x"}, {"count", program, "x"}, {"count", program + "\u00e9"},
		{"attach", "\u00e9"}, {"attach", "1"}, {"try", program}, {"try", "--\u00e9"}, {"doctor"}, {"doctor", "--\u00e9"}, {"version"}, {"man"}, {"reset"}, {"handout", "3"}, {"handout", "\u00e9"},
		{"completion", "bash"}, {"completion", "zsh"}, {"completion", "fish"}, {"completion", "\u00e9"}, {"site", "/dev/null/\u00e9"},
	}
	for _, c := range commands()[1:] {
		all = append(all, []string{c.Name, "--help"}, []string{c.Name, "--\u00e9"})
	}
	for _, args := range all {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			e := cmdtest.Start(t, append([]string{"ptwalk"}, args...), func(c *exec.Cmd) {
				c.Env = append(c.Env, "LC_ALL=C", "XDG_STATE_HOME="+dir)
			}).End()
			cmdtest.ASCII(t, e.Stdout+e.Stderr)
			if e.Stdout+e.Stderr == "" {
				t.Error("it says nothing")
			}
		})
	}
}

// TestASCIIFlag asks for it where UTF-8 is to be had; and without the flag it is
// not to be.
func TestASCIIFlag(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	cmdtest.Must(t, os.WriteFile(file, []byte(`{"v":1,"kind":"lesson","t":1,"at":"","number":1,"name":"é","title":"é","kernel":"6.1","machine":"x86_64","version":"devel"}
{"v":1,"kind":"end","t":1,"at":"","exit":0}
`), 0o600))
	utf8 := func(c *exec.Cmd) { c.Env = append(c.Env, "LC_ALL=C.UTF-8", "TERM=xterm") }
	for _, format := range []string{"--plain", "--json", "--markdown", "--accessible"} {
		e := cmdtest.Run(t, []string{"ptwalk", "replay", file, format, "--ascii"}, utf8)
		e.Wants(t, 0, "")
		cmdtest.ASCII(t, e.Stdout)
		if e = cmdtest.Run(t, []string{"ptwalk", "replay", file, format}, utf8); !strings.Contains(e.Stdout, "é") {
			t.Errorf("%s: it is not there without --ascii either:\n%s", format, e.Stdout)
		}
	}
}
