package render

import (
	"io"
	"testing"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/event/eventtest"
)

// What one event costs in each printer, over a run that has every kind.
func BenchmarkPrinters(b *testing.B) {
	style := Style{Width: 80, Spell: event.Measured{}}
	for name, sink := range map[string]func() event.Sink{
		"text":     func() event.Sink { return NewText(io.Discard, style) },
		"json":     func() event.Sink { return NewJSON(io.Discard) },
		"markdown": func() event.Sink { return NewMarkdown(io.Discard, style) },
		"cast":     func() event.Sink { return NewCast(io.Discard, style) },
	} {
		b.Run(name, func(b *testing.B) {
			events := eventtest.Made()
			b.ReportAllocs()
			for n := 0; n < b.N; {
				s := sink()
				for _, e := range events {
					s.Event(e)
					n++
				}
			}
		})
	}
}
