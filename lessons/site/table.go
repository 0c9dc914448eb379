package site

import (
	"fmt"
	"html/template"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// tableOf is a table of the run. One with a column of bars becomes a picture,
// with its numbers in a table under it.
func tableOf(e *event.Table) template.HTML {
	var out strings.Builder
	bar := barColumn(e)
	caption := e.Title
	if bar > 0 {
		out.WriteString(`<figure class="chart">` + chart(e, bar))
		if caption == "" {
			caption = "The numbers of the picture"
		}
	}
	out.WriteString(`<div class="scroll" tabindex="0" role="group" aria-label="table"><table class="data">`)
	if caption != "" {
		out.WriteString("<caption>" + escape(caption) + "</caption>")
	}
	out.WriteString("<thead><tr>")
	for i, c := range e.Columns {
		if i != bar {
			fmt.Fprintf(&out, `<th scope="col"%s>%s</th>`, numeric(isNumber(e, i)), escape(c.Name))
		}
	}
	out.WriteString("</tr></thead><tbody>")
	for _, row := range e.Rows {
		out.WriteString("<tr>")
		for i, cell := range row {
			if i != bar {
				fmt.Fprintf(&out, "<td%s>%s</td>", numeric(isNumber(e, i)), escape(cellText(cell)))
			}
		}
		out.WriteString("</tr>")
	}
	out.WriteString("</tbody></table></div>")
	if bar > 0 {
		out.WriteString("</figure>")
	}
	return template.HTML(out.String())
}

// barColumn is the index of the column that holds the lengths of bars, or -1.
func barColumn(e *event.Table) int {
	for i, c := range e.Columns {
		if c.Bar || (c.Name == "" && isNumber(e, i)) {
			return i
		}
	}
	return -1
}

func isNumber(e *event.Table, column int) bool {
	numbers := 0
	for _, row := range e.Rows {
		switch row[column].(type) {
		case int, int64, uint64, float64, event.Count, tracer.TID:
			numbers++
		}
	}
	return numbers > 0 && numbers >= len(e.Rows)-1 // one row may have a dash
}

func numeric(is bool) string {
	if is {
		return ` class="number"`
	}
	return ""
}

// cellText is a cell as measured, with its digits in threes.
func cellText(cell any) string {
	switch v := cell.(type) {
	case event.Count:
		return event.Measured{}.Count(v)
	case int:
		return grouped(v)
	}
	return fmt.Sprint(cell)
}

// The measures of a chart, in units of its own. The text is set in the same
// units, so that it grows with the picture.
const (
	chartWidth = 640
	barHeight  = 18
	rowHeight  = 46
)

// chart draws a bar for each row to one scale, with its name above and its
// number behind.
func chart(e *event.Table, bar int) string {
	longest := 0.0
	for _, row := range e.Rows {
		longest = max(longest, float(row[bar]))
	}
	var out strings.Builder
	fmt.Fprintf(&out, `<svg class="bars" viewBox="0 0 %d %d" role="img" aria-label="Bar chart; the table under it has the numbers">`, chartWidth, rowHeight*len(e.Rows))
	for i, row := range e.Rows {
		length := 1.0
		if longest > 0 {
			length = max(1, float(row[bar])/longest*(chartWidth-90))
		}
		top := rowHeight * i
		fmt.Fprintf(&out, `<text x="0" y="%d">%s</text>`, top+15, escape(cellText(row[0])))
		fmt.Fprintf(&out, `<rect x="0" y="%d" width="%.1f" height="%d"/>`, top+22, length, barHeight)
		fmt.Fprintf(&out, `<text class="value" x="%.1f" y="%d">%s</text>`, length+8, top+22+14, escape(cellText(row[bar])))
	}
	out.WriteString("</svg>")
	return out.String()
}

func float(cell any) float64 {
	switch v := cell.(type) {
	case int:
		return float64(v)
	case uint64:
		return float64(v)
	case int64:
		return float64(v)
	case float64:
		return v
	case event.Count:
		return float64(v)
	}
	return 0
}
