package present

import (
	"fmt"
	"io"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// notes writes what a speaker wants to have beside the screen: the section, the
// answers of a question before they are given, and what each request is, the
// first time that it comes. It writes line by line, for tail -f.
type notes struct {
	w    io.Writer
	told map[string]bool // the requests that were explained
	last *event.Predict  // that was asked: it comes again with its answer
	off  bool            // what comes answers a question, and is no part of the talk
	err  error
}

func newNotes(w io.Writer) *notes { return &notes{w: w, told: map[string]bool{}} }

// quiet has the notes leave out what comes, or take it again.
func (n *notes) quiet(on bool) {
	if n != nil {
		n.off = on
	}
}

// Err returns the first error of the writer.
func (n *notes) Err() error { return n.err }

func (n *notes) line(indent, text string) {
	for _, line := range render.Wrap(text, 76) {
		if n.err == nil {
			_, n.err = fmt.Fprintln(n.w, indent+line)
		}
	}
}

// Event notes what the speaker says or asks now.
func (n *notes) Event(e event.Event) {
	if n.off {
		return
	}
	switch e := e.(type) {
	case *event.Lesson:
		n.line("", fmt.Sprintf("Lesson %d, %s: %s", e.Number, e.Name, e.Title))
	case *event.Section:
		n.line("", fmt.Sprintf("Section %d: %s", e.Number, e.Title))
	case *event.Say:
		for _, para := range strings.Split(e.Text, "\n\n") {
			if !strings.HasPrefix(para, "    ") {
				n.line("  ", "Say: "+render.Plain(para))
			}
		}
	case *event.Predict:
		if e == n.last {
			return
		}
		n.last = e
		n.line("  ", "Ask: "+e.Question)
		for i, a := range e.Answers {
			n.line("    ", fmt.Sprintf("%s) %s: %s", event.Letter(i), a.Text, event.OneLine(a.Why)))
		}
	case *event.Note:
		n.line("  ", "Result: "+render.Plain(e.Text(event.Measured{})))
	case *event.End:
		n.line("", "The end.")
	}
}

// next notes a request that was announced.
func (n *notes) next(c *tracer.Call) {
	if n == nil {
		return
	}
	n.line("  ", "Next: "+c.Expression(event.Measured{}))
	if r, ok := names.RequestByName(c.Name); ok && r.Name == c.Name && !n.told[c.Name] {
		n.told[c.Name] = true
		n.line("    ", r.Sentence)
	}
}
