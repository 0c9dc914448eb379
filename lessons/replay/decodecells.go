package replay

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"ptwalk/lessons/stage"
	"ptwalk/tracer"
)

// verbs are the formats that notes are written with. Others, such as one that
// asks for a million columns, are not taken from a file.
var verbs = regexp.MustCompile(`% ?(\.[0-9])?[vdsqxf%]`)

func note(line []byte) (stage.Event, error) {
	var f struct {
		Text, Format, Answer string
		Args                 []json.RawMessage
		Types                []string
	}
	if err := json.Unmarshal(line, &f); err != nil {
		return nil, err
	}
	e := &stage.NoteEvent{Format: strings.ReplaceAll(clean(f.Text, false), "%", "%%"), Answer: f.Answer}
	args, err := cells(f.Args, f.Types)
	if err != nil {
		return nil, err
	}
	spelled := &stage.NoteEvent{Format: clean(f.Format, false), Args: args}
	if f.Format != "" && !strings.Contains(verbs.ReplaceAllString(f.Format, ""), "%") &&
		spelled.Text(stage.Measured{}) == clean(f.Text, false) {
		e.Format, e.Args = spelled.Format, spelled.Args
	}
	return e, nil
}

func table(line []byte) (stage.Event, error) {
	var f struct {
		Title   string
		Columns []string
		Rows    [][]json.RawMessage
		Align   []string
		Types   [][]string
	}
	if err := json.Unmarshal(line, &f); err != nil {
		return nil, err
	}
	e := &stage.TableEvent{Title: clean(f.Title, false)}
	for i, name := range f.Columns {
		column := stage.Column{Name: clean(name, false)}
		if i < len(f.Align) {
			column.Bar, column.Right = f.Align[i] == stage.AlignBar, f.Align[i] == stage.AlignRight
		}
		e.Columns = append(e.Columns, column)
	}
	for i, row := range f.Rows {
		if len(row) != len(f.Columns) {
			return nil, fmt.Errorf("row %d has %d cells for %d columns", i+1, len(row), len(f.Columns))
		}
		var types []string
		if i < len(f.Types) {
			types = f.Types[i]
		}
		values, err := cells(row, types)
		if err != nil {
			return nil, err
		}
		e.Rows = append(e.Rows, values)
	}
	return e, nil
}

// cells are values with their types. A value without a type is what JSON says.
func cells(values []json.RawMessage, types []string) ([]any, error) {
	var out []any
	for i, value := range values {
		kind := ""
		if i < len(types) {
			kind = types[i]
		}
		cell, err := cell(value, kind)
		if err != nil {
			return nil, err
		}
		out = append(out, cell)
	}
	return out, nil
}

func cell(value json.RawMessage, kind string) (any, error) {
	kind, register, _ := strings.Cut(kind, " ")
	switch kind {
	case "word", "addr", "reg":
		var n hexWord
		err := json.Unmarshal(value, &n)
		switch kind {
		case "word":
			return tracer.Word(n), err
		case "addr":
			return tracer.Addr(n), err
		}
		return tracer.Reg{Name: clean(register, false), Value: tracer.Word(n)}, err
	case "tid":
		var n tracer.TID
		err := json.Unmarshal(value, &n)
		return n, err
	case "count":
		var n int64
		err := json.Unmarshal(value, &n)
		return stage.Count(n), err
	case "int":
		var n int
		err := json.Unmarshal(value, &n)
		return n, err
	case "float":
		var n float64
		err := json.Unmarshal(value, &n)
		return n, err
	case "bytes":
		var p hexBytes
		err := json.Unmarshal(value, &p)
		return []byte(p), err
	case "fact":
		var s string
		err := json.Unmarshal(value, &s)
		return stage.Fact(clean(s, false)), err
	}
	var any any
	if err := json.Unmarshal(value, &any); err != nil {
		return nil, err
	}
	switch v := any.(type) {
	case string:
		return clean(v, false), nil
	case float64:
		if v == float64(int(v)) {
			return int(v), nil
		}
		return v, nil
	}
	return clean(fmt.Sprint(any), false), nil
}
