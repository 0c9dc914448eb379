package main

import (
	"fmt"
	"io"
	"strings"

	"ptwalk/lessons/stage"
)

// rows prints one line for each instruction: where, what, and what it did. All
// but notes and output is left to --json. What does not fit the width goes on
// below its beginning.
type rows struct {
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
func (r *rows) Event(e stage.Event) {
	switch e := e.(type) {
	case *stage.InstructionEvent:
		r.row(e)
	case *stage.NoteEvent:
		r.line(e.Text(stage.Measured{}), belowWidth)
	}
}

func (r *rows) row(e *stage.InstructionEvent) {
	at := addrWidth + 1 + textWidth + 1
	head := fmt.Sprintf("%-*s %-*s ", addrWidth, e.Addr, textWidth, e.Text)
	if r.width-at < meaningWidth {
		at = belowWidth
	}
	if len(head) > at { // the sentence begins below
		r.line(head, addrWidth+1)
		head = strings.Repeat(" ", at)
	}
	r.line(head+e.Meaning, at)
}

// Err returns the first error of the writer.
func (r *rows) Err() error { return r.err }

// line prints a line; what does not fit is indented.
func (r *rows) line(s string, indent int) {
	for _, s := range stage.Fold(strings.TrimRight(s, " "), r.width, indent) {
		if r.err == nil {
			_, r.err = io.WriteString(r.w, s+"\n")
		}
	}
}
