package count

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"ptwalk/internal/cmdtest"
	"ptwalk/internal/ptytest"
)

// The line that says how far a count has come is left out where the program has the
// terminal: as its output, or by modes of its own.
func TestProgressOnATerminal(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	const spins = "i=0; while [ $i -lt 5 ]; do i=$((i+1)); done; "
	for _, c := range []struct {
		name, mode string
		script     string
		away       bool // standard output is no terminal
		shown      bool
	}{
		{"its output goes elsewhere", "auto", spins, true, true},
		{"its output is the terminal", "auto", spins, false, false},
		{"it has changed the modes", "auto", "stty -echo <&2; echo raw >&2; " + spins, true, false},
		{"always", "always", spins, false, true},
		{"never", "never", spins, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := ptytest.Open(t)
			defer p.Restore()
			null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer null.Close()
			command := []string{"ptwalk", "count", "--engine=step", "--progress=" + c.mode, "-o", os.DevNull, "sh", "-c", c.script}
			j := cmdtest.Start(t, command, p.On, func(cmd *exec.Cmd) {
				if c.away {
					cmd.Stdout = null
				}
			})
			if e := j.End(); e.Status != 0 {
				t.Fatalf("status %d\n%s", e.Status, p.Shown())
			}
			_, text, raw := strings.Cut(p.Rest(), "raw")
			if !raw {
				text = p.Shown()
			}
			if shown := strings.Contains(text, " instructions, "); shown != c.shown {
				t.Errorf("shown: %v, want %v: %q", shown, c.shown, text)
			}
		})
	}
}
