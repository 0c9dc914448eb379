package block

import (
	"os"
	"testing"

	"ptwalk/tracer"
	"ptwalk/tracer/count"
)

// BenchmarkProgram counts a dynamic program by blocks, with its loader.
func BenchmarkProgram(b *testing.B) {
	b.ReportAllocs()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer null.Close()
	var instructions uint64
	for b.Loop() {
		res, err := count.Run(count.Config{Engine: Engine{}, Command: tracer.Command{
			Path: "/bin/true", Argv: []string{"true"}, Files: []*os.File{null, null, null}}})
		if err != nil {
			b.Fatal(err)
		}
		instructions += res.Instructions
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(instructions), "ns/instruction")
}
