package render

import (
	"fmt"
	"io"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// Style is how the text looks now.
func (p *Text) Style() Style { return p.style }

// Each says whether every call has a line from now on, those of a row or of a
// table too.
func (p *Text) Each(on bool) { p.style.Each = on }

// To has the text written to w from now on.
func (p *Text) To(w io.Writer) { p.w = w }

// Announce prints the C line of a call that comes next, with its result still
// open.
func (p *Text) Announce(by tracer.By, expression string) {
	p.cLine(by, expression, "= ?", p.paint.result)
}

// Aside prints a sentence that is no part of the run, such as one to a person at
// the keys.
func (p *Text) Aside(text string) {
	for _, line := range Wrap(text, p.style.Width-4) {
		p.direct("    " + p.paint.question(line))
	}
}

// Code prints a line of source behind its head, such as its number.
func (p *Text) Code(head, code string) {
	for _, line := range WrapColumns(head+code, p.style.Width, len(head)+leading(code)+8) {
		p.direct(p.paint.code(line))
	}
}

// direct writes a line that tells no event.
func (p *Text) direct(line string) {
	if p.err == nil {
		_, p.err = fmt.Fprintln(p.w, line)
	}
}

// replayMark begins each line that shows what was, and is not now.
const replayMark = "REPLAY "

// Marked is another printer to the same place, whose every line begins with
// REPLAY: for what was seen before. The width is the terminal's.
func (p *Text) Marked(width int) *Text {
	style := p.style
	style.Each = true
	marked := NewText(markedWriter{p.w}, style)
	marked.mark = replayMark
	marked.Fit(width)
	marked.fresh = true
	return marked
}

// Shown has each section begin with the line that names the run of a recording.
func (p *Text) Shown(e *event.Lesson) { p.shown = Replayed(e, p.style.Spell) }

type markedWriter struct{ w io.Writer }

// Write writes whole lines.
func (m markedWriter) Write(p []byte) (int, error) {
	var text strings.Builder
	for line := range strings.Lines(string(p)) {
		if !strings.HasPrefix(line, replayMark) {
			line = replayMark + line
		}
		text.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	_, err := io.WriteString(m.w, text.String())
	return len(p), err
}
