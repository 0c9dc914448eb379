package render

import (
	"io"

	"ptwalk/lessons/stage/event"
)

// JSON writes each event as one JSON object on a line. The fields are those of
// docs/events.md.
type JSON struct {
	w    io.Writer
	err  error
	open *event.Predict // asked, not answered yet
	held []event.Event
}

// NewJSON returns a printer that writes to w.
func NewJSON(w io.Writer) *JSON { return &JSON{w: w} }

// Err returns the first error of the writer.
func (p *JSON) Err() error { return p.err }

// Event writes e. A prediction carries its right answer, so it and what follows
// are held until that is known.
func (p *JSON) Event(e event.Event) {
	if q, ok := e.(*event.Predict); ok {
		if p.open == nil && q.Right < 0 {
			p.open = q
			p.held = append(p.held, e)
			return
		}
		if p.open == q {
			p.flush()
			return
		}
	}
	switch e.(type) {
	case *event.Section, *event.End:
		p.flush()
	}
	if p.open != nil {
		p.held = append(p.held, e)
		return
	}
	p.write(e)
}

func (p *JSON) flush() {
	p.open = nil
	for _, e := range p.held {
		p.write(e)
	}
	p.held = nil
}

func (p *JSON) write(e event.Event) {
	if p.err != nil {
		return
	}
	line, err := event.Encode(e)
	if err != nil {
		p.err = err
		return
	}
	_, p.err = p.w.Write(append(line, '\n'))
}
