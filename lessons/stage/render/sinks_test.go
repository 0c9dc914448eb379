package render

import (
	"errors"
	"strings"
	"testing"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/event/eventtest"
)

func TestMarks(t *testing.T) {
	for in, want := range map[string]string{
		"the *tracer* asks": "the tracer asks",
		"8*ORIG_RAX":        "8*ORIG_RAX",
		"`8 * 15` bytes":    "8 * 15 bytes",
		"*all of it*.":      "all of it.",
		"no marks":          "no marks",
	} {
		if got := Plain(in); got != want {
			t.Errorf("strip(%q) = %q, want %q", in, got, want)
		}
	}
}

// A prediction is written once, with its answer, before what answered it.
func TestPredictionComesFirstInJSON(t *testing.T) {
	var out strings.Builder
	p := NewJSON(&out)
	q := &event.Predict{Question: "?", Answers: []event.Answer{{Text: "a"}, {Text: "b"}}, Right: -1}
	p.Event(q)
	p.Event(&event.Note{Format: "between"})
	if out.Len() > 0 {
		t.Error("the prediction was written before its answer was known")
	}
	q.Right = 1
	p.Event(q)
	p.Event(&event.Note{Format: "after"})
	kinds := ""
	for line := range strings.Lines(out.String()) {
		kinds += line[strings.Index(line, `"kind":"`)+8:][:4] + " "
	}
	if kinds != "pred note note " {
		t.Errorf("written: %s\n%s", kinds, out.String())
	}
	if !strings.Contains(out.String(), `"right":1`) {
		t.Error("the answer is missing")
	}
}

// A writer that fails ends the run with one error, and later events are dropped.
func TestAFailedWriteIsKept(t *testing.T) {
	for _, sink := range []interface {
		event.Sink
		Err() error
	}{NewText(broken{}, Style{}), NewJSON(broken{}), NewMarkdown(broken{}, Style{}), NewCast(broken{}, Style{})} {
		for _, e := range eventtest.Made() {
			sink.Event(e)
		}
		if !errors.Is(sink.Err(), errBroken) {
			t.Errorf("%T: error %v", sink, sink.Err())
		}
	}
}

var errBroken = errors.New("broken")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }
