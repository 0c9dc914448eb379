// Package replay reads recordings of lessons: the events that --record and
// --json write. Recordings of all lessons are embedded, so that the walk can be
// shown where ptrace is not to be had.
//
// A recording is somebody's file. Whatever it holds, reading it ends in events or
// in an error that names the line; and no control character of it reaches a
// terminal.
package replay

import (
	"bufio"
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"

	"ptwalk/lessons/stage/event"
)

// Recording is what a file holds.
type Recording struct {
	Events []event.Event // of the kinds that this version knows, in order
	Lines  [][]byte      // every line, as valid JSON without control characters
}

// Error is a recording that cannot be shown, and the line that is to blame, from
// 1; 0 where none is.
type Error struct {
	Line int
	Why  string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Why
	}
	return fmt.Sprintf("line %d %s", e.Line, e.Why)
}

// A line and a recording may be far longer than those of all lessons together,
// but not without end.
const (
	maxLine = 4 << 20
	maxSize = 64 << 20
)

// Read reads a whole recording. The error is an *Error, or that of r.
func Read(r io.Reader) (*Recording, error) {
	rec := &Recording{}
	open := false // a lesson has begun and not ended
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 64<<10), maxLine)
	n, size := 0, 0
	for in.Scan() {
		n++
		if size += len(in.Bytes()); size > maxSize {
			return nil, &Error{n, fmt.Sprintf("is beyond the %d bytes that a recording may have", maxSize)}
		}
		line := bytes.TrimSpace(in.Bytes())
		if len(line) == 0 {
			return nil, &Error{n, "is empty; a recording has an event on each line"}
		}
		e, kind, err := event.Decode(line)
		if errors.Is(err, event.ErrNotJSON) && open && !in.Scan() {
			return nil, &Error{n, "is the last and is cut off: the recording is truncated"}
		}
		if err != nil {
			return nil, &Error{n, err.Error()}
		}
		switch {
		case kind == "lesson":
			open = true
		case !open:
			return nil, &Error{n, fmt.Sprintf("has %s outside a lesson", article(kind))}
		case kind == "end":
			open = false
		}
		rec.Lines = append(rec.Lines, harmless(line))
		if lesson, ok := e.(*event.Lesson); ok {
			lesson.Replay = true
		}
		if e != nil {
			rec.Events = append(rec.Events, e)
		}
	}
	switch err := in.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, &Error{n + 1, fmt.Sprintf("is longer than %d bytes", maxLine)}
	case err != nil:
		return nil, err
	case n == 0:
		return nil, &Error{0, "the file is empty"}
	case open:
		return nil, &Error{n, "is the last, and the lesson has no end event: the recording is truncated"}
	}
	return rec, nil
}

func article(kind string) string {
	if kind == "end" || kind == "instruction" || kind == "output" {
		return "an event of kind " + kind
	}
	return fmt.Sprintf("a %.20q event", kind)
}

//go:embed recordings/*.jsonl
var recordings embed.FS

// Embedded is the recording of a lesson by its name with the number:
// "02-peekuser". Those of several follow each other.
func Embedded(ids ...string) (*Recording, error) {
	var all []byte
	for _, id := range ids {
		text, err := recordings.ReadFile("recordings/" + id + ".jsonl")
		if err != nil {
			return nil, err
		}
		all = append(all, text...)
	}
	return Read(bytes.NewReader(all))
}

// JSON is a printer that writes the recording's own events, each lesson event
// marked with "replay":true. They are what it prints, and not the events that it
// is handed: an event of a kind that we do not know is among them.
func (rec *Recording) JSON(w io.Writer) event.Sink { return &lines{w: w, lines: rec.Lines} }

type lines struct {
	w     io.Writer
	lines [][]byte
	err   error
}

// Event writes all lines at the first event.
func (p *lines) Event(event.Event) {
	for _, line := range p.lines {
		if p.err == nil {
			_, p.err = p.w.Write(append(marked(line), '\n'))
		}
	}
	p.lines = nil
}

// Err returns the first error of the writer.
func (p *lines) Err() error { return p.err }
