package main

import (
	"fmt"
	"io"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
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
func (r *rows) Event(e event.Event) {
	switch e := e.(type) {
	case *event.Instruction:
		r.row(e)
	case *event.Note:
		r.line(e.Text(event.Measured{}), belowWidth)
	}
}

func (r *rows) row(e *event.Instruction) {
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
	for _, s := range render.WrapColumns(strings.TrimRight(s, " "), r.width, indent) {
		if r.err == nil {
			_, r.err = io.WriteString(r.w, s+"\n")
		}
	}
}
