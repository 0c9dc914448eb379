package step

import (
	"fmt"
	"io"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
)

// stepTable prints one line for each instruction: where, what, and what it did. All
// but notes and output is left to --json. What does not fit the width goes on
// below its beginning.
type stepTable struct {
	w     io.Writer
	width int
	err   error
}

// The widths of the address, which has 14 characters above the heap, and of the
// instruction; how many columns the sentence behind them needs at least, and where
// it begins on a screen that has not as many.
const (
	addrWidth    = 14
	textWidth    = 24
	meaningWidth = 24
	belowWidth   = 4
)

// Event prints e, if it is for this table.
func (t *stepTable) Event(e event.Event) {
	switch e := e.(type) {
	case *event.Instruction:
		t.row(e)
	case *event.Note:
		t.line(e.Text(event.Measured{}), belowWidth)
	}
}

func (t *stepTable) row(e *event.Instruction) {
	if e.Label != "" {
		t.line(e.Label+":", belowWidth)
	}
	at := addrWidth + 1 + textWidth + 1
	head := fmt.Sprintf("%-*s %-*s ", addrWidth, e.Addr, textWidth, e.Text)
	if t.width-at < meaningWidth {
		at = belowWidth
	}
	if len(head) > at { // the sentence begins below
		t.line(head, addrWidth+1)
		head = strings.Repeat(" ", at)
	}
	t.line(head+e.Meaning, at)
}

// Err returns the first error of the writer.
func (t *stepTable) Err() error { return t.err }

// line prints a line; what does not fit is indented.
func (t *stepTable) line(s string, indent int) {
	for _, s := range render.WrapColumns(strings.TrimRight(s, " "), t.width, indent) {
		if t.err == nil {
			_, t.err = io.WriteString(t.w, s+"\n")
		}
	}
}
