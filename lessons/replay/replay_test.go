package replay_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ptwalk/asm"
	"ptwalk/lessons"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
	"ptwalk/tracer"
)

var record = flag.Bool("record", false, "write the recordings instead of comparing with them")

const repair = "make recordings"

// live runs a lesson and returns its events as JSON.
func live(t *testing.T, l *stage.Lesson) []byte {
	t.Helper()
	var out bytes.Buffer
	done := make(chan error, 1)
	go func() {
		done <- stage.Walk([]*stage.Lesson{l}, stage.Options{Sinks: []event.Sink{render.NewJSON(&out)}, Version: cli.Version()})
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("the lesson has not ended within two minutes")
	}
	return out.Bytes()
}

// TestRecordingsAreOfTheseLessons holds the embedded recordings against the
// golden of each lesson, which a test of package lessons holds against a run:
// the same text, in the spelling that is the same everywhere.
func TestRecordingsAreOfTheseLessons(t *testing.T) {
	for _, l := range lessons.All {
		t.Run(lessons.ID(l), func(t *testing.T) {
			golden, err := os.ReadFile(filepath.Join("..", lessons.ID(l), "testdata", "golden.txt"))
			if err != nil {
				t.Fatal(err)
			}
			if *record {
				var diff string
				for range 20 { // lesson 5 may meet a process in another moment
					text := live(t, l)
					rec, err := replay.Read(bytes.NewReader(text))
					if err != nil {
						t.Fatal(err)
					}
					if diff = cmp.Diff(string(golden), stable(rec)); diff == "" {
						if err := os.WriteFile(filepath.Join("recordings", lessons.ID(l)+".jsonl"), text, 0o666); err != nil {
							t.Fatal(err)
						}
						return
					}
				}
				t.Fatalf("20 runs differ from the golden (-golden +run); make golden first:\n%s", diff)
			}
			rec, err := replay.Embedded(lessons.ID(l))
			if err != nil {
				t.Fatalf("%v; %s writes it", err, repair)
			}
			if diff := cmp.Diff(string(golden), stable(rec)); diff != "" {
				t.Errorf("the recording does not show the lesson's golden (-golden +recording):\n%s\nThis records it anew: %s", diff, repair)
			}
		})
	}
}

// stable is the text of a recording as goldens are written.
func stable(rec *replay.Recording) string {
	var out bytes.Buffer
	text := render.NewText(&out, render.Style{Width: 80, Spell: event.NewStableOf(tracerOf(rec))})
	for _, e := range rec.Events {
		if l, ok := e.(*event.Lesson); ok {
			l.Replay = false
		}
		text.Event(e)
	}
	return out.String()
}

// tracerOf is the process that made the recording.
func tracerOf(rec *replay.Recording) tracer.TID {
	l, _ := rec.Events[0].(*event.Lesson)
	return l.PID
}

// TestRequestsAreThoseOfARun compares every call, those that the text tells in
// one line with others too.
func TestRequestsAreThoseOfARun(t *testing.T) {
	for _, l := range lessons.All {
		t.Run(lessons.ID(l), func(t *testing.T) {
			if l.Number == 2 && !asm.Hello32.Runs() {
				t.Skip("this kernel has no IA32 emulation, and the recording was made with it")
			}
			rec, err := replay.Embedded(lessons.ID(l))
			if err != nil {
				t.Fatal(err)
			}
			var diff string
			for range 4 { // lesson 5 may meet a process in another moment
				now, err := replay.Read(bytes.NewReader(live(t, l)))
				if err != nil {
					t.Fatal(err)
				}
				if diff = cmp.Diff(calls(rec), calls(now)); diff == "" {
					return
				}
			}
			t.Errorf("other requests than today's (-recorded +now):\n%s\nThis records them anew: %s", diff, repair)
		})
	}
}

// byPrivilege says whether a request is answered by who asks: filters of seccomp are
// read and suspended with CAP_SYS_ADMIN alone.
func byPrivilege(c tracer.Call) bool {
	return c.Request == tracer.SeccompGetFilter || c.Request == tracer.SeccompGetMetadata ||
		c.Request == tracer.SetOptions && tracer.Option(c.Data)&tracer.SuspendSeccomp != 0
}

// calls are the calls of a recording, spelled stably, and the lines that made them. How often a poll or a loop
// of a program of this machine was made is not compared. Where a loop waits for any, the order is not either.
func calls(rec *replay.Recording) []string {
	spell := event.NewStableOf(tracerOf(rec))
	var all []string
	mixed := map[string]map[string]int{} // of such a loop, by its line: how often each was made
	for _, e := range rec.Events {
		if c, ok := e.(*event.Call); ok && c.Call.TID == tracer.Any {
			mixed[c.At] = map[string]int{}
		}
	}
	for _, e := range rec.Events {
		switch e := e.(type) {
		case *event.Section:
			spell.Section()
		case *event.Call:
			c := e.Call
			if c.Result > 100 {
				c.Result = 0 // bytes, or a thread
			}
			if byPrivilege(c) {
				c.Errno = 0
			}
			n := fmt.Sprint(e.N)
			if e.N > 100 || c.Name == "wait4" {
				n = "many"
			}
			c.Value, c.HasValue = 0, false
			if made := mixed[e.At]; made != nil {
				made[fmt.Sprintf("%s: %s %s = %v", e.At, c.By, c.Expression(spell), c.Errno)] += e.N
				continue
			}
			all = append(all, fmt.Sprintf("%s: %s %s = %v x %s", e.At, c.By, c.Expression(spell), c.Errno, n))
		}
	}
	ordered := len(all)
	for _, made := range mixed {
		for call, n := range made {
			all = append(all, fmt.Sprintf("%s x %d", call, n))
		}
	}
	slices.Sort(all[ordered:])
	return all
}

func TestJSONIsTheRecordingsOwn(t *testing.T) {
	rec, err := replay.Embedded("02-peekuser")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	rec.JSON(&out).Event(nil)
	file, err := os.ReadFile("recordings/02-peekuser.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	was, is := strings.Split(string(file), "\n"), strings.Split(out.String(), "\n")
	if diff := cmp.Diff(was[1:], is[1:]); diff != "" {
		t.Errorf("the lines behind the first differ:\n%s", diff)
	}
	var first struct {
		Kind   string
		Replay bool
	}
	if err := json.Unmarshal([]byte(is[0]), &first); err != nil || first.Kind != "lesson" || !first.Replay {
		t.Errorf("the first line is %s (%v), want a lesson with replay true", is[0], err)
	}
}

const (
	opening = `{"v":1,"kind":"lesson","t":0,"at":"","number":1,"name":"x","title":"y","kernel":"6.1","machine":"x86_64","version":"devel"}`
	closing = `{"v":1,"kind":"end","t":9,"at":"","exit":0}`
)

func TestRecordingsThatCannotBeShown(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "the file is empty"},
		{"an empty line", opening + "\n\n" + closing, "line 2 is empty; a recording has an event on each line"},
		{"no JSON", opening + "\nhello\n" + closing, "line 2 is not a JSON object, and so no event"},
		{"half a line", opening + "\n" + closing[:20], "line 2 is the last and is cut off: the recording is truncated"},
		{"an array", "[1]", "line 1 is not a JSON object, and so no event"},
		{"no version", `{"kind":"end"}`, "line 1 is no event: it has no v or no kind"},
		{"a newer version", `{"v":2,"kind":"lesson"}`, "line 1 has schema version 2, and this ptwalk reads version 1 and older ones: use a newer ptwalk"},
		{"no version ever", `{"v":0,"kind":"lesson"}`, "line 1 has schema version 0, which there never was; this ptwalk reads version 1"},
		{"truncated", opening + "\n", "line 1 is the last, and the lesson has no end event: the recording is truncated"},
		{"truncated in the second lesson", opening + "\n" + closing + "\n" + opening, "line 3 is the last, and the lesson has no end event: the recording is truncated"},
		{"no lesson", closing, "line 1 has an event of kind end outside a lesson"},
		{"a wrong type", opening + "\n" + `{"v":1,"kind":"section","number":"one"}`, `line 2 has a section event that cannot be read: the field "number" is a string`},
		{"no such answer", opening + "\n" + `{"v":1,"kind":"predict","answers":[],"right":0}`, "line 2 has a predict event that cannot be read: right or given names no answer"},
		{"a ragged table", opening + "\n" + `{"v":1,"kind":"table","columns":["a"],"rows":[[1,2]]}`, "line 2 has a table event that cannot be read: row 1 has 2 cells for 1 columns"},
		{"bad bytes", opening + "\n" + `{"v":1,"kind":"memory","addr":"0x1","bytes":"zz"}`, `line 2 has a memory event that cannot be read: "zz" are no hexadecimal bytes`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := replay.Read(strings.NewReader(tt.text)); err == nil || err.Error() != tt.want {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

// endless is a recording that never ends: its events, again and again.
type endless struct {
	text []byte
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.text[e.at:])
	e.at = (e.at + n) % len(e.text)
	return n, nil
}

func TestRecordingWithoutEnd(t *testing.T) {
	long := fmt.Sprintf(`{"v":1,"kind":"say","text":"%s"}`, strings.Repeat("x", 1<<20))
	text := opening + "\n" + long + "\n" + closing + "\n"
	_, err := replay.Read(&endless{text: []byte(text)})
	if err == nil || !strings.Contains(err.Error(), "is beyond the 67108864 bytes that a recording may have") {
		t.Errorf("the error is %v", err)
	}
}

// A kind and a field that we do not know are left out, and stay in the JSON.
func TestUnknownKindsAndFields(t *testing.T) {
	rec, err := replay.Read(strings.NewReader(opening + "\n" + `{"v":1,"kind":"smell","of":"roses"}` + "\n" + closing + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(rec.Events) != 2 || len(rec.Lines) != 3 {
		t.Errorf("%d events of %d lines, want 2 of 3", len(rec.Events), len(rec.Lines))
	}
}

// FuzzRead looks for a recording that makes a printer panic, or lets a control
// character through.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("recordings/*.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			f.Add(line)
		}
	}
	f.Add([]byte(`{"v":1,"kind":"say","text":"\u001b[2J\u009b2J` + "\u009b" + `"}`))
	f.Add([]byte(`{"v":1,"kind":"note","text":"x","format":"%9999999d","args":[1],"types":["int"]}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		rec, err := replay.Read(strings.NewReader(opening + "\n" + string(line) + "\n" + closing + "\n"))
		if err != nil {
			return
		}
		var out bytes.Buffer
		sinks := []event.Sink{
			rec.JSON(&out), render.NewText(&out, render.Style{Width: 80}), render.NewText(&out, render.Style{Width: 40, Accessible: true}),
			render.NewMarkdown(&out, render.Style{Width: 80}), render.NewCast(&out, render.Style{Width: 80}),
		}
		for _, sink := range sinks {
			for _, e := range rec.Events {
				sink.Event(e)
			}
		}
		for _, r := range out.String() {
			if r < ' ' && r != '\n' || 0x7f <= r && r < 0xa0 {
				t.Fatalf("the control character %U is printed for %q", r, line)
			}
		}
	})
}
