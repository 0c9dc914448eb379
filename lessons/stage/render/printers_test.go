package render

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/event/eventtest"
)

var golden = flag.Bool("golden", false, "write testdata/printers.txtar instead of comparing with it")

// TestPrinters shows one run in every form, side by side in one file.
func TestPrinters(t *testing.T) {
	var plain, narrow, accessible, markdown, stable, lines bytes.Buffer
	printers := []struct {
		name string
		out  *bytes.Buffer
		sink event.Sink
	}{
		{"plain", &plain, NewText(&plain, Style{Width: 80})},
		{"narrow", &narrow, NewText(&narrow, Style{Width: 60})},
		{"accessible", &accessible, NewText(&accessible, Style{Width: 80, Accessible: true})},
		{"stable", &stable, NewText(&stable, Style{Width: 80, Spell: event.NewStable()})},
		{"markdown", &markdown, NewMarkdown(&markdown, Style{Width: 80})},
		{"json", &lines, NewJSON(&lines)},
	}
	archive := &txtar.Archive{Comment: []byte("One made-up run in every form. To write it anew: go test ./lessons/stage/render -golden\n\n")}
	for _, p := range printers {
		for _, e := range eventtest.Made() {
			p.sink.Event(e)
		}
		archive.Files = append(archive.Files, txtar.File{Name: p.name, Data: p.out.Bytes()})
	}
	const file = "testdata/printers.txtar"
	got := txtar.Format(archive)
	if *golden {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the printers differ from %s (-want +got):\n%s\nIf the change is meant: go test ./lessons/stage/render -golden", file, diff)
	}
}

func TestTextIsAsWideAsItMayBe(t *testing.T) {
	for _, width := range []int{40, 60, 80} {
		var out bytes.Buffer
		p := NewText(&out, Style{Width: width})
		p.Event(&event.Say{Text: "Every stopped tracee has a USER area, a window that the kernel cuts into its saved registers."})
		p.Event(&event.Note{Format: "One line, %v instructions, and none of them is its own, for ptrace knows no lines.", Args: []any{event.Count(1564)}})
		for line := range bytes.Lines(out.Bytes()) {
			if len(line)-1 > width {
				t.Errorf("width %d: %d columns: %s", width, len(line)-1, line)
			}
		}
	}
}

// TestTrace: each line is handed out with the events that it tells, and the
// lines are those that are printed.
func TestTrace(t *testing.T) {
	var out bytes.Buffer
	var lines []string
	told := map[event.Event]bool{}
	text := NewText(&out, Style{Width: 80})
	text.Trace(func(line string, cause []event.Event) {
		lines = append(lines, line+"\n")
		for _, e := range cause {
			told[e] = true
		}
		if strings.HasPrefix(line, "  calls") && (len(cause) != 1 || cause[0].Kind() != "call") {
			t.Errorf("%q is told by %v", line, cause)
		}
	})
	events := eventtest.Made()
	for _, e := range events {
		text.Event(e)
	}
	for _, e := range events {
		if !told[e] {
			t.Errorf("no line tells the %s event", e.Kind())
		}
	}
	if got := strings.Join(lines, ""); got != out.String() {
		t.Error(cmp.Diff(out.String(), got))
	}
}
