package count

import (
	"fmt"
	"os"

	"golang.org/x/term"

	"ptwalk/tracer/count"
)

// progress is one line on the terminal, written over itself.
type progress struct {
	on    bool
	shown bool
}

// newProgress is silent where standard error is no terminal.
func newProgress() *progress {
	return &progress{on: term.IsTerminal(int(os.Stderr.Fd()))}
}

func (p *progress) show(now count.Progress) {
	if !p.on {
		return
	}
	p.shown = true
	rate := float64(now.Instructions) / now.Elapsed.Seconds()
	fmt.Fprintf(os.Stderr, "\r%-60s", fmt.Sprintf("%s instructions, %s a second",
		thousands(now.Instructions), thousands(uint64(rate))))
}

func (p *progress) erase() {
	if p.shown {
		fmt.Fprintf(os.Stderr, "\r%60s\r", "")
	}
}
