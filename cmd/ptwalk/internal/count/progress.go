package count

import (
	"fmt"
	"os"

	"golang.org/x/term"

	"ptwalk/tracer/count"
)

// progressModes are the values of --progress.
var progressModes = []string{"auto", "always", "never"}

// progress is one line on the terminal, written over itself.
type progress struct {
	on     bool
	always bool        // also where the program has the terminal
	before *term.State // the terminal's modes at the start
	shown  bool
}

// newProgress is silent where standard error is no terminal, and by itself also where
// the program's output is one: the cursor is the program's there.
func newProgress(mode string) *progress {
	fd := int(os.Stderr.Fd())
	p := &progress{always: mode == "always"}
	p.on = mode != "never" && term.IsTerminal(fd) && (p.always || !term.IsTerminal(int(os.Stdout.Fd())))
	if p.on {
		p.before, _ = term.GetState(fd)
	}
	return p
}

func (p *progress) show(now count.Progress) {
	switch {
	case !p.on:
		return
	case !p.always && p.taken():
		p.on, p.shown = false, false
		return
	}
	p.shown = true
	rate := float64(now.Instructions) / now.Elapsed.Seconds()
	fmt.Fprintf(os.Stderr, "\r%-60s", fmt.Sprintf("%s instructions, %s a second",
		thousands(now.Instructions), thousands(uint64(rate))))
}

// taken says whether the program has changed the terminal's modes, as those do that
// draw on it: it may have opened it by its name.
func (p *progress) taken() bool {
	now, err := term.GetState(int(os.Stderr.Fd()))
	return err != nil || p.before == nil || *now != *p.before
}

func (p *progress) erase() {
	if p.shown {
		fmt.Fprintf(os.Stderr, "\r%60s\r", "")
	}
}
