package event_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/event/eventtest"
)

// Every kind of event is read as it was written. Only what may not reach a
// terminal is another; none of these has such a thing where it is cleaned.
func TestRoundTrip(t *testing.T) {
	kinds := map[string]bool{}
	for _, e := range eventtest.Made() {
		kinds[e.Kind()] = true
		line, err := event.Encode(e)
		if err != nil {
			t.Fatalf("%s: %v", e.Kind(), err)
		}
		got, kind, err := event.Decode(line)
		if err != nil || kind != e.Kind() {
			t.Fatalf("%s is read as %s: %v", line, kind, err)
		}
		again, err := event.Encode(got)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(line), string(again)); diff != "" {
			t.Errorf("%s is written and read, and is another then (-before +after):\n%s", kind, diff)
		}
	}
	if len(kinds) != len(event.Kinds()) {
		t.Errorf("the run that was made up has %d kinds of %v", len(kinds), event.Kinds())
	}
}

// FuzzDecode: whatever a line holds, it is an event that can be written and read
// again, or an error. Nothing that is read has a control character where the
// printers do not clean.
func FuzzDecode(f *testing.F) {
	for _, e := range eventtest.Made() {
		line, err := event.Encode(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Add([]byte(`{"v":1,"kind":"note","text":"50%","format":"%v","args":[50],"types":["text"]}`))
	f.Add([]byte(`{"v":1,"kind":"table","columns":["a"],"rows":[[null]],"types":[["reg"]]}`))
	f.Add([]byte(`{"v":1,"kind":"regs","regs":{"rip":"0x1","nosuch":"0x2"}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		e, kind, err := event.Decode(line)
		if err != nil || e == nil {
			return
		}
		once, err := event.Encode(e)
		if err != nil {
			t.Fatalf("a %s event cannot be written: %v", kind, err)
		}
		e, _, err = event.Decode(once)
		if err != nil {
			t.Fatalf("%s is written, and cannot be read: %v", once, err)
		}
		twice, err := event.Encode(e)
		if err != nil || string(once) != string(twice) {
			t.Errorf("%s is read as %s", once, twice)
		}
		if _, raw := e.(*event.Output); raw {
			return
		}
		var value any
		if err := json.Unmarshal(once, &value); err != nil {
			t.Fatal(err)
		}
		if text := control(value); text != "" {
			t.Errorf("a control character in %q", text)
		}
	})
}

// control is a text in a JSON value that a terminal could obey. Lines are no
// such thing.
func control(value any) string {
	switch v := value.(type) {
	case string:
		for _, r := range v {
			if event.IsControl(r) && r != '\n' {
				return v
			}
		}
	case []any:
		for _, each := range v {
			if text := control(each); text != "" {
				return text
			}
		}
	case map[string]any:
		for _, each := range v {
			if text := control(each); text != "" {
				return text
			}
		}
	}
	return ""
}
