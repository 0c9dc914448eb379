package docs

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ptwalk/asm"
	"ptwalk/lessons"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
)

// examples are the events that docs/events.md shows: the first of the run with
// the kind and the text.
var examples = []struct{ kind, holds string }{
	{"lesson", ""},
	{"section", ""},
	{"say", ""},
	{"note", "e_entry"},
	{"predict", "written it by now"},
	{"call", "PTRACE_PEEKUSER"},
	{"call", `"loop":3,"turn":2`},
	{"stop", "PTRACE_EVENT_EXEC"},
	{"regs", `"rip","rsp"`},
	{"instruction", `"label":"_start"`},
	{"memory", ""},
	{"siginfo", `"pid"`},
	{"syscall", ""},
	{"output", ""},
	{"count", ""},
	{"table", "x86-64"},
	{"end", ""},
}

// volatile are the fields that differ from run to run, or between machines.
var volatile = []string{"t", "tid", "pid", "args", "kernel", "machine", "version", "c", "regs", "seconds", "uid"}

// TestRecordingIsOfTheseLessons compares the recorded examples with a run, field
// by field, or records them anew. It stands before TestPagesAreUpToDate, which
// puts them into the page: a file of a name further on would come too late.
func TestRecordingIsOfTheseLessons(t *testing.T) {
	if !asm.Hello32.Runs() {
		t.Skip("this kernel has no IA32 emulation, and lesson 2 was recorded with it")
	}
	events := play(t)
	var now strings.Builder
	for _, e := range examples {
		line := firstEvent(events, e.kind, e.holds)
		if line == "" {
			t.Fatalf("no event of kind %s holds %q", e.kind, e.holds)
		}
		now.WriteString(line)
	}
	file := filepath.Join(root, recording)
	before, err := os.ReadFile(file)
	diff := cmp.Diff(comparable(t, string(before)), comparable(t, now.String()))
	switch {
	case err == nil && diff == "":
	case *weave:
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(now.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	case err != nil:
		t.Fatalf("%v; %s writes it", err, repair)
	default:
		t.Errorf("%s is not what the lessons print (-recorded +now):\n%s\nThis repairs it: %s", recording, diff, repair)
	}
}

// play runs what the examples need and returns the events: three lessons, and
// of the fourth, which takes seconds, the last section.
func play(t *testing.T) string {
	t.Helper()
	count := *lessons.All[3]
	count.Sections = count.Sections[len(count.Sections)-1:]
	var out bytes.Buffer
	done := make(chan error, 1)
	go func() {
		done <- stage.Walk(append(slices.Clone(lessons.All[:3]), &count), stage.Options{
			Sinks: []event.Sink{render.NewJSON(&out)}, Version: cli.Version(),
		})
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("the lessons have not ended within two minutes")
	}
	return out.String()
}

// comparable are the events without the values of the volatile fields.
func comparable(t *testing.T, events string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(events) {
		var event map[string]any
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		for field := range maps.Keys(event) {
			if slices.Contains(volatile, field) {
				event[field] = "differs"
			}
		}
		all = append(all, event)
	}
	return all
}
