package render

import (
	"fmt"
	"strings"

	"ptwalk/lessons/stage/event"
)

// table prints rows in columns, and bars to scale. A screen reader gets a
// sentence for each row.
func (p *Text) table(e *event.Table) {
	if e.Title != "" {
		p.fill(margin, margin, p.paint.title, e.Title)
	}
	cells := make([][]string, len(e.Rows))
	for i, row := range e.Rows {
		for _, cell := range row {
			cells[i] = append(cells[i], fmt.Sprint(event.Spell(p.style.Spell, cell)))
		}
	}
	if p.style.Accessible || p.tooWide(e.Columns, cells) {
		for _, row := range cells {
			p.fill(margin, margin, p.paint.plain, rowSentence(e.Columns, row))
		}
		return
	}
	widths := make([]int, len(e.Columns))
	for i, c := range e.Columns {
		widths[i] = len(c.Name)
		for _, row := range cells {
			widths[i] = max(widths[i], len(row[i]))
		}
		if c.Bar {
			widths[i] = 0
		}
	}
	if heads := p.row(e.Columns, widths, headings(e.Columns)); strings.TrimSpace(heads) != "" {
		p.line(margin + p.paint.title(heads))
	}
	for i, row := range cells {
		p.wrapLast(e.Columns, widths, bars(e, i, row, p.style.Width, widths))
	}
}

// wrapLast prints a row. A text in the last column that is too long for the line
// goes on below itself.
func (p *Text) wrapLast(columns []event.Column, widths []int, cells []string) {
	last := len(cells) - 1
	indent := len(margin)
	for _, w := range widths[:last] {
		indent += w + 2
	}
	room := p.style.Width - indent
	if columns[last].Bar || columns[last].Right || len(cells[last]) <= room || room < 16 {
		p.line(margin + p.row(columns, widths, cells))
		return
	}
	for i, line := range Wrap(cells[last], room) {
		cells[last] = line
		if i == 0 {
			p.line(margin + p.row(columns, widths, cells))
			continue
		}
		p.line(strings.Repeat(" ", indent) + line)
	}
}

// tooWide says whether the rows would leave the line, even with a short bar or
// with the last column wrapped.
func (p *Text) tooWide(columns []event.Column, cells [][]string) bool {
	const least = 16 // columns for a text that is wrapped
	width := len(margin)
	for i, c := range columns {
		longest := len(c.Name)
		for _, row := range cells {
			longest = max(longest, len(row[i]))
		}
		switch {
		case c.Bar:
			longest = 4
		case i == len(columns)-1 && !c.Right:
			longest = min(longest, least)
		}
		width += longest + 2
	}
	return width-2 > p.style.Width
}

func (p *Text) row(columns []event.Column, widths []int, cells []string) string {
	var out []string
	for i, c := range columns {
		if c.Right {
			out = append(out, padLeft(cells[i], widths[i]))
		} else {
			out = append(out, pad(cells[i], widths[i]))
		}
	}
	return strings.Join(out, "  ")
}

func headings(columns []event.Column) []string {
	var names []string
	for _, c := range columns {
		if c.Bar {
			names = append(names, "")
			continue
		}
		names = append(names, c.Name)
	}
	return names
}

// bars replaces the number in a bar column by a bar. The longest fills the rest
// of the line.
func bars(e *event.Table, at int, cells []string, width int, widths []int) []string {
	out := append([]string{}, cells...)
	for i, c := range e.Columns {
		if !c.Bar {
			continue
		}
		room := width - len(margin)
		for j := range widths {
			if j != i {
				room -= widths[j] + 2
			}
		}
		longest := 0.0
		for _, row := range e.Rows {
			longest = max(longest, number(row[i]))
		}
		n := 0
		if longest > 0 {
			n = int(number(e.Rows[at][i]) / longest * float64(max(room, 1)))
		}
		out[i] = strings.Repeat("#", max(n, 1))
	}
	return out
}

func number(cell any) float64 {
	switch v := cell.(type) {
	case int:
		return float64(v)
	case uint64:
		return float64(v)
	case event.Count:
		return float64(v)
	}
	return 0
}

func rowSentence(columns []event.Column, row []string) string {
	var parts []string
	for i, c := range columns {
		if c.Bar || row[i] == "" {
			continue
		}
		if c.Name == "" {
			parts = append(parts, row[i])
			continue
		}
		parts = append(parts, c.Name+" "+row[i])
	}
	return strings.Join(parts, ", ") + "."
}
