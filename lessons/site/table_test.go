package site

import (
	"encoding/xml"
	"math"
	"slices"
	"testing"

	"ptwalk/lessons/stage/event"
)

// picture is what is read of a chart and of the table under it.
type picture struct {
	Drawn struct {
		Label string `xml:"aria-label,attr"`
		Bars  []struct {
			Width float64 `xml:"width,attr"`
		} `xml:"rect"`
		Texts []string `xml:"text"`
	} `xml:"svg"`
	Rows []struct {
		Cells []string `xml:"td"`
	} `xml:"div>table>tbody>tr"`
}

// TestChart: every table with bars is drawn: the bars to one scale, and each
// number in the picture and in the table as it was measured.
func TestChart(t *testing.T) {
	all, _ := built(t)
	drawn := map[string]int{}
	for _, r := range all {
		for _, e := range r.Events {
			table, ok := e.(*event.Table)
			if !ok || barColumn(table) < 0 {
				continue
			}
			drawn[r.ID]++
			bar := barColumn(table)
			var p picture
			if err := xml.Unmarshal([]byte(tableOf(table)), &p); err != nil {
				t.Fatalf("%s: %v", r.ID, err)
			}
			if len(p.Drawn.Bars) != len(table.Rows) || len(p.Rows) != len(table.Rows) || p.Drawn.Label == "" {
				t.Fatalf("%s: %d rows, drawn %+v", r.ID, len(table.Rows), p)
			}
			most, longest := 0.0, 0.0
			for i, row := range table.Rows {
				most, longest = max(most, float(row[bar])), max(longest, p.Drawn.Bars[i].Width)
			}
			for i, row := range table.Rows {
				want := max(1, float(row[bar])/most*longest) // the least that can be seen is 1
				if math.Abs(p.Drawn.Bars[i].Width-want) > 0.2 {
					t.Errorf("%s: the bar of %v is %.1f long, want %.1f", r.ID, row[0], p.Drawn.Bars[i].Width, want)
				}
				number := cellText(row[bar])
				if !slices.Contains(p.Drawn.Texts, number) || !slices.Contains(p.Rows[i].Cells, number) || !slices.Contains(p.Rows[i].Cells, cellText(row[0])) {
					t.Errorf("%s: %v of %v is missing in %+v", r.ID, number, row[0], p)
				}
			}
		}
	}
	if drawn["04-count"] == 0 {
		t.Errorf("lesson 4 has no picture: %v", drawn)
	}
}
