package render

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"ptwalk/lessons/stage/event"
)

// Two recordings that follow each other have clocks that both begin at 0. The
// cast keeps the pauses of both.
func TestCastOfRecordingsInARow(t *testing.T) {
	at := func(ms int) event.Base { return event.Base{T: time.Duration(ms) * time.Millisecond} }
	var out bytes.Buffer
	cast := NewCast(&out, Style{Width: 80})
	for range 2 {
		cast.Event(&event.Lesson{Base: at(0), Number: 1, Name: "n", Title: "t"})
		cast.Event(&event.Say{Base: at(100), Text: "a"})
		cast.Event(&event.Say{Base: at(300), Text: "b"})
	}
	var times []float64
	for line := range bytes.Lines(out.Bytes()) {
		var piece []any
		if json.Unmarshal(line, &piece) == nil {
			times = append(times, piece[0].(float64))
		}
	}
	want := []float64{0, 0.1, 0.3, 0.3, 0.4, 0.6}
	if len(times) != len(want) {
		t.Fatalf("times %v, want %v", times, want)
	}
	for i := range want {
		if d := times[i] - want[i]; d > 1e-9 || d < -1e-9 {
			t.Fatalf("times %v, want %v", times, want)
		}
	}
}
