package explain

import (
	"strings"

	"ptwalk/lessons/stage/event"
)

// Events print the first reading whole, and a line for each of the others.
func Events(pages []Page) (events []event.Event) {
	first := pages[0]
	events = append(events, &event.Say{Text: strings.TrimSpace(first.Title + ". " + first.Text)})
	if first.Status != nil {
		events = append(events, &event.Stop{Stop: *first.Status})
	}
	var rows [][]any
	for _, fact := range first.Facts {
		rows = append(rows, []any{fact.Name, fact.Is})
	}
	if len(rows) > 0 {
		events = append(events, &event.Table{Columns: []event.Column{{Name: ""}, {Name: ""}}, Rows: rows})
	}
	if len(pages) == 1 {
		return events
	}
	rows = nil
	for _, p := range pages[1:] {
		rows = append(rows, []any{p.Kind, p.Title})
	}
	return append(events, &event.Say{Text: "There is more to read. `ptwalk explain KIND WORD` takes one of these."},
		&event.Table{Columns: []event.Column{{Name: "kind"}, {Name: "meaning"}}, Rows: rows})
}
