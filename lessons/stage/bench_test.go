package stage

import (
	"io"
	"testing"
)

// What one event costs in each printer, over a run that has every kind.
func BenchmarkPrinters(b *testing.B) {
	style := Style{Width: 80, Spell: Measured{}}
	for name, sink := range map[string]func() Sink{
		"text":     func() Sink { return NewText(io.Discard, style) },
		"json":     func() Sink { return NewJSON(io.Discard) },
		"markdown": func() Sink { return NewMarkdown(io.Discard, style) },
		"cast":     func() Sink { return NewCast(io.Discard, style) },
	} {
		b.Run(name, func(b *testing.B) {
			events := made()
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
