package stage

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// JSON writes each event as one JSON object on a line. The fields are those of
// docs/events.md.
type JSON struct {
	w    io.Writer
	err  error
	open *PredictEvent // asked, not answered yet
	held []Event
}

// NewJSON returns a printer that writes to w.
func NewJSON(w io.Writer) *JSON { return &JSON{w: w} }

// Err returns the first error of the writer.
func (p *JSON) Err() error { return p.err }

// Event writes e. A prediction carries its right answer, so it and what follows
// are held until that is known.
func (p *JSON) Event(e Event) {
	if q, ok := e.(*PredictEvent); ok {
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
	case *SectionEvent, *EndEvent:
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

func (p *JSON) write(e Event) {
	if p.err != nil {
		return
	}
	line, err := json.Marshal(object(e))
	if err != nil {
		p.err = err
		return
	}
	_, p.err = p.w.Write(append(line, '\n'))
}

// fields is an ordered JSON object.
type fields []field

type field struct {
	name  string
	value any
}

func (f fields) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, kv := range f {
		if i > 0 {
			out = append(out, ',')
		}
		value, err := json.Marshal(kv.value)
		if err != nil {
			return nil, err
		}
		out = fmt.Appendf(out, "%q:%s", kv.name, value)
	}
	return append(out, '}'), nil
}

// object is the event as JSON: what all have, then its own fields.
func object(e Event) fields {
	b := e.base()
	all := fields{{"v", Schema}, {"kind", e.Kind()}, {"t", b.T.Microseconds()}, {"at", b.At}}
	return append(all, eventFields(e)...)
}

func eventFields(e Event) fields {
	switch e := e.(type) {
	case *LessonEvent:
		return fields{{"number", e.Number}, {"name", e.Name}, {"title", e.Title},
			{"kernel", e.Kernel}, {"machine", e.Machine}, {"version", e.Version}}
	case *SectionEvent:
		return fields{{"number", e.Number}, {"title", e.Title}}
	case *SayEvent:
		return fields{{"text", e.Text}}
	case *NoteEvent:
		return fields{{"text", e.Text(Measured{})}}
	case *PredictEvent:
		answers := []fields{}
		for _, a := range e.Answers {
			answers = append(answers, fields{{"text", a.Text}, {"why", a.Why}})
		}
		return fields{{"question", e.Question}, {"answers", answers}, {"right", e.Right}, {"given", e.Given}}
	case *CallEvent:
		return callFields(e)
	case *StopEvent:
		event, signal := "", ""
		if e.Stop.Event != 0 {
			event = names.EventName(e.Stop.Event)
		}
		if e.Stop.Signal != 0 {
			signal = e.Stop.Signal.String()
		}
		return fields{{"tid", e.Stop.TID}, {"status", e.Stop.Status}, {"name", e.Stop.Name()},
			{"signal", signal}, {"event", event}, {"code", e.Code}}
	case *RegsEvent:
		values := fields{}
		for _, r := range e.Regs.All() {
			values = append(values, field{r.Name, r.Value.Hex()})
		}
		return fields{{"tid", e.TID}, {"arch", e.Regs.Arch()}, {"regs", values},
			{"changed", list(e.Changed)}, {"show", list(e.Show)}}
	case *InstructionEvent:
		return fields{{"tid", e.TID}, {"addr", e.Addr.String()}, {"bytes", hex.EncodeToString(e.Bytes)},
			{"text", e.Text}, {"meaning", e.Meaning}, {"label", e.Label}}
	case *MemoryEvent:
		return fields{{"tid", e.TID}, {"addr", e.Addr.String()}, {"bytes", hex.EncodeToString(e.Bytes)}, {"text", printable(e.Bytes)}}
	case *OutputEvent:
		return fields{{"stream", e.Stream}, {"text", e.Text}}
	case *CountEvent:
		return fields{{"program", e.Program}, {"instructions", e.Instructions}, {"stops", e.Stops},
			{"engine", e.Engine}, {"seconds", e.Seconds}, {"exit", e.Exit}}
	case *TableEvent:
		columns := []string{}
		for _, c := range e.Columns {
			columns = append(columns, c.Name)
		}
		rows := [][]any{}
		for _, row := range e.Rows {
			cells := []any{}
			for _, cell := range row {
				cells = append(cells, jsonCell(cell))
			}
			rows = append(rows, cells)
		}
		return fields{{"title", e.Title}, {"columns", columns}, {"rows", rows}}
	case *EndEvent:
		return fields{{"exit", e.Exit}}
	}
	return nil
}

func callFields(e *CallEvent) fields {
	c := &e.Call
	f := fields{{"request", c.Name}, {"by", c.By}, {"tid", c.TID},
		{"addr", tracer.Addr(c.Addr).String()}, {"data", tracer.Word(c.Data).Hex()}, {"result", c.Result}}
	if c.HasValue {
		f = append(f, field{"value", c.Value.Hex()})
	}
	errno := ""
	if c.Errno != 0 {
		errno = names.ErrnoName(int(c.Errno))
	}
	f = append(f, field{"errno", errno}, field{"c", c.C()}, field{"n", e.N})
	if e.Loop > 0 {
		f = append(f, field{"loop", e.Loop}, field{"turn", e.Turn})
	}
	if e.Brief {
		f = append(f, field{"brief", true})
	}
	return f
}

func jsonCell(cell any) any {
	switch v := cell.(type) {
	case tracer.Word:
		return v.Hex()
	case tracer.Reg:
		return v.Value.Hex()
	case tracer.Addr:
		return v.String()
	}
	return cell
}

func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// printable is memory as text: a dot for what cannot be shown.
func printable(p []byte) string {
	text := make([]byte, len(p))
	for i, b := range p {
		text[i] = '.'
		if ' ' <= b && b <= '~' {
			text[i] = b
		}
	}
	return string(text)
}
