package main

import (
	"fmt"
	"io"
	"strings"

	"ptwalk/lessons/stage"
)

// rows prints one line for each instruction: where, what, and what it did. All
// but notes and output is left to --json. On a terminal a long sentence goes on
// below its beginning; in a pipe a row is one line, however long.
type rows struct {
	w     io.Writer
	width int // 0: no limit
	err   error
}

// The widths of the address, which has 14 characters above the heap, and of the
// instruction: less on a terminal, where the sentence behind it needs room.
const (
	addrWidth   = 14
	textWidth   = 24
	textWidthIn = 40 // in a pipe
)

// Event prints e, if it is for this table.
func (r *rows) Event(e stage.Event) {
	switch e := e.(type) {
	case *stage.InstructionEvent:
		text := textWidth
		if r.width == 0 {
			text = textWidthIn
		}
		indent := strings.Repeat(" ", addrWidth+1+text+1)
		head := fmt.Sprintf("%-*s %-*s ", addrWidth, e.Addr, text, e.Text)
		if len(head) > len(indent) && r.width > 0 { // the sentence begins below
			r.line(head)
			head = indent
		}
		for _, line := range r.wrap(e.Meaning, r.width-len(head)) {
			r.line(head + line)
			head = indent
		}
	case *stage.NoteEvent:
		r.line(e.Text(stage.Measured{}))
	}
}

// Err returns the first error of the writer.
func (r *rows) Err() error { return r.err }

func (r *rows) line(s string) {
	if r.err == nil {
		_, r.err = io.WriteString(r.w, strings.TrimRight(s, " ")+"\n")
	}
}

// wrap breaks a sentence at spaces, where there is a limit.
func (r *rows) wrap(s string, room int) []string {
	var lines []string
	for r.width > 0 && len(s) > room {
		i := strings.LastIndexByte(s[:max(room, 1)], ' ')
		if i <= 0 {
			break
		}
		lines, s = append(lines, s[:i]), s[i+1:]
	}
	return append(lines, s)
}
