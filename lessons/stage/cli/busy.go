package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
)

// busy tells how far a long loop is: one line of the terminal, written over itself
// and gone when the loop has ended.
type busy struct {
	out  io.Writer
	last time.Duration // of the loop, when the line was written; 0: there is none
}

// A loop that is over soon has no line, and nobody reads more than some in a second.
const (
	soon  = 500 * time.Millisecond
	every = 200 * time.Millisecond
)

// busyWidth is that of the longest line.
const busyWidth = 48

// busy is silent where standard output is no terminal that can write over a line, or
// where somebody listens to it.
func (f *Flags) busy() stage.Busy {
	if f.Plain || f.JSON || f.Markdown || f.Accessible || os.Getenv("TERM") == "dumb" || !term.IsTerminal(int(os.Stdout.Fd())) {
		return nil
	}
	return &busy{out: os.Stdout}
}

// Loop tells it.
func (b *busy) Loop(stops int, took time.Duration) {
	if took < soon || took-b.last < every {
		return
	}
	b.last = took
	rate := float64(stops) / took.Seconds()
	text := fmt.Sprintf("  %s stops so far, %s a second", event.Grouped(int64(stops)), event.Grouped(int64(rate)))
	fmt.Fprintf(b.out, "\r%-*s", busyWidth, text)
}

// Done takes the line away.
func (b *busy) Done() {
	if b.last > 0 {
		fmt.Fprintf(b.out, "\r%s\r", strings.Repeat(" ", busyWidth))
	}
	b.last = 0
}
