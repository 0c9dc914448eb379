package event

import (
	"encoding/json"
	"fmt"
)

// Table gathers values of this run in rows. A cell is a string, an int, a Word,
// an Addr or a TID.
type Table struct {
	Base    `json:"-"`
	Title   string
	Columns []Column
	Rows    [][]any
}

// Column is a column of a table. Numbers stand right; a bar is drawn to scale.
type Column struct {
	Name  string
	Right bool
	Bar   bool
}

// tableJSON is a table as it is written. Types tell what each cell is.
type tableJSON struct {
	Title   string              `json:"title"`
	Columns []string            `json:"columns"`
	Rows    [][]json.RawMessage `json:"rows"`
	Align   []string            `json:"align"`
	Types   [][]string          `json:"types"`
}

// The alignments of a column, in the field align.
const (
	alignLeft  = "left"
	alignRight = "right"
	alignBar   = "bar"
)

func (c Column) align() string {
	switch {
	case c.Bar:
		return alignBar
	case c.Right:
		return alignRight
	}
	return alignLeft
}

// MarshalJSON writes what a tableJSON holds.
func (e *Table) MarshalJSON() ([]byte, error) {
	f := tableJSON{e.Title, []string{}, [][]json.RawMessage{}, []string{}, [][]string{}}
	for _, c := range e.Columns {
		f.Columns, f.Align = append(f.Columns, c.Name), append(f.Align, c.align())
	}
	for _, row := range e.Rows {
		values, types, err := encodeCells(row)
		if err != nil {
			return nil, err
		}
		f.Rows, f.Types = append(f.Rows, values), append(f.Types, types)
	}
	return json.Marshal(f)
}

// UnmarshalJSON reads it.
func (e *Table) UnmarshalJSON(text []byte) error {
	var f tableJSON
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	e.Title = f.Title
	for i, name := range f.Columns {
		column := Column{Name: name}
		if i < len(f.Align) {
			column.Bar, column.Right = f.Align[i] == alignBar, f.Align[i] == alignRight
		}
		e.Columns = append(e.Columns, column)
	}
	for i, row := range f.Rows {
		if len(row) != len(f.Columns) {
			return fmt.Errorf("row %d has %d cells for %d columns", i+1, len(row), len(f.Columns))
		}
		var types []string
		if i < len(f.Types) {
			types = f.Types[i]
		}
		values, err := decodeCells(row, types)
		if err != nil {
			return err
		}
		e.Rows = append(e.Rows, values)
	}
	return nil
}
