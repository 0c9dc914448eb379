package lessons_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ptwalk/lessons"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage/render"
)

var fieldWord = regexp.MustCompile("`([a-z]+)`")

// TestEventsAreDocumented runs all lessons, replays one and holds each kind and field that
// they print against docs/events.md, and each that the page names against what
// they print.
func TestEventsAreDocumented(t *testing.T) {
	var out bytes.Buffer
	for _, l := range lessons.All {
		run(t, l, render.NewJSON(&out))
	}
	rec, err := replay.Embedded(lessons.ID(lessons.All[0]))
	if err != nil {
		t.Fatal(err)
	}
	rec.JSON(&out).Event(nil)
	printed := map[string]bool{}
	for line := range bytes.Lines(out.Bytes()) {
		var event map[string]any
		if err := json.Unmarshal(line, &event); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		for field := range event {
			printed[event["kind"].(string)+" "+field] = true
		}
	}
	documented := documentedFields(text(t, "docs/events.md"))
	for name := range printed {
		kind, field, _ := strings.Cut(name, " ")
		if !slices.Contains(documented[kind], field) && !slices.Contains(documented[""], field) {
			t.Errorf("docs/events.md does not tell the field %q of %q", field, kind)
		}
	}
	for kind, fields := range documented {
		for _, field := range fields {
			if kind != "" && !printed[kind+" "+field] && !slices.Contains(ofTools, kind+" "+field) {
				t.Errorf("docs/events.md tells a field %q of %q, which no lesson prints", field, kind)
			}
		}
	}
}

// ofTools are fields that a tool writes, and no lesson: ptwalk syscalls spells the
// arguments of a call.
var ofTools = []string{"call args"}

// documentedFields are the words in the first column of the tables, by the
// heading above; "" has those of every event.
func documentedFields(page string) map[string][]string {
	fields := map[string][]string{}
	kind := ""
	for line := range strings.Lines(page) {
		if heading, ok := strings.CutPrefix(line, "## "); ok {
			kind = strings.TrimSpace(heading)
		}
		if cells := strings.Split(line, "|"); strings.HasPrefix(line, "| `") {
			for _, word := range fieldWord.FindAllStringSubmatch(cells[1], -1) {
				fields[kind] = append(fields[kind], word[1])
			}
		}
	}
	return fields
}
