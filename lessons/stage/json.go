package stage

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"reflect"

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

// with adds a field that not every event of the kind has.
func (f fields) with(name string, value any, has bool) fields {
	if has {
		return append(f, field{name, value})
	}
	return f
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
	b := BaseOf(e)
	all := fields{{"v", Schema}, {"kind", e.Kind()}, {"t", b.T.Microseconds()}, {"at", b.At}}
	return append(all, eventFields(e)...)
}

func eventFields(e Event) fields {
	switch e := e.(type) {
	case *LessonEvent:
		return fields{{"number", e.Number}, {"name", e.Name}, {"title", e.Title},
			{"kernel", e.Kernel}, {"machine", e.Machine}, {"version", e.Version}, {"pid", e.PID}}.
			with("replay", e.Replay, e.Replay)
	case *SectionEvent:
		return fields{{"number", e.Number}, {"title", e.Title}}
	case *SayEvent:
		return fields{{"text", e.Text}}
	case *NoteEvent:
		values, types := jsonCells(e.Args)
		return fields{{"text", e.Text(Measured{})}}.
			with("answer", e.Answer, e.Answer != "").
			with("format", e.Format, len(values) > 0).
			with("args", values, len(values) > 0).
			with("types", types, len(values) > 0)
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
		return fields{{"tid", e.Stop.TID}, {"status", e.Stop.Status}, {"name", e.Name()},
			{"signal", signal}, {"event", event}, {"code", e.Code}}.with("brief", true, e.Brief)
	case *RegsEvent:
		values := fields{}
		for _, r := range e.Regs.All() {
			values = append(values, field{r.Name, r.Value.Hex()})
		}
		return fields{{"tid", e.TID}, {"arch", e.Regs.Arch()}, {"regs", values},
			{"changed", list(e.Changed)}, {"show", list(e.Show)}}.with("brief", true, e.Brief)
	case *InstructionEvent:
		return fields{{"tid", e.TID}, {"addr", e.Addr.String()}, {"bytes", hex.EncodeToString(e.Bytes)},
			{"text", e.Text}, {"meaning", e.Meaning}, {"label", e.Label}}
	case *MemoryEvent:
		return fields{{"tid", e.TID}, {"addr", e.Addr.String()}, {"bytes", hex.EncodeToString(e.Bytes)}, {"text", printable(e.Bytes)}}
	case *OutputEvent:
		return fields{{"stream", e.Stream}, {"text", e.Text}}
	case *CountEvent:
		return fields{{"program", e.Program}, {"instructions", e.Instructions}, {"stops", e.Stops},
			{"engine", e.Engine}, {"seconds", e.Seconds}, {"exit", e.Exit}}.with("varies", true, e.Varies)
	case *TableEvent:
		return tableFields(e)
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
	line := e.C
	if line == "" {
		line = c.C()
	}
	f = append(f, field{"errno", errno}, field{"c", line}, field{"n", e.N})
	return f.with("loop", e.Loop, e.Loop > 0).with("turn", e.Turn, e.Loop > 0).with("brief", true, e.Brief).
		with("pointer", c.Pointer, c.Pointer != "").with("flag", c.Flag, c.Flag != 0).with("len", c.Len, c.Len != 0).
		with("path", c.Path, c.Path != "").with("argv", c.Argv, c.Argv != nil)
}

// The alignments of a column, in the field align.
const (
	AlignLeft  = "left"
	AlignRight = "right"
	AlignBar   = "bar"
)

func tableFields(e *TableEvent) fields {
	columns, align := []string{}, []string{}
	for _, c := range e.Columns {
		columns = append(columns, c.Name)
		switch {
		case c.Bar:
			align = append(align, AlignBar)
		case c.Right:
			align = append(align, AlignRight)
		default:
			align = append(align, AlignLeft)
		}
	}
	rows, types := [][]any{}, [][]string{}
	for _, row := range e.Rows {
		values, kinds := jsonCells(row)
		rows, types = append(rows, values), append(types, kinds)
	}
	return fields{{"title", e.Title}, {"columns", columns}, {"rows", rows}, {"align", align}, {"types", types}}
}

// jsonCells are values of this run as JSON, and what each is: the type that
// tells a printer how to spell it.
func jsonCells(cells []any) (values []any, types []string) {
	values, types = []any{}, []string{}
	for _, cell := range cells {
		value, kind := jsonCell(cell)
		values, types = append(values, value), append(types, kind)
	}
	return values, types
}

func jsonCell(cell any) (value any, kind string) {
	switch v := cell.(type) {
	case tracer.Word:
		return v.Hex(), "word"
	case tracer.Reg:
		return v.Value.Hex(), "reg " + v.Name
	case tracer.Addr:
		return v.String(), "addr"
	case tracer.TID:
		return v, "tid"
	case Count:
		return v, "count"
	case Fact:
		return v, "fact"
	case fmt.Stringer, error:
		return fmt.Sprint(v), "text"
	case string:
		return v, "text"
	case float64:
		return v, "float"
	case []byte:
		return hex.EncodeToString(v), "bytes"
	}
	if reflect.ValueOf(cell).Kind() == reflect.String {
		return cell, "text"
	}
	return cell, "int"
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
