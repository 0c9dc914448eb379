package count

import (
	"os"
	"runtime"
	"testing"
)

// loop is mov ecx, n; dec ecx; jnz; and three for the exit.
func loop(t *testing.T, n uint32) string {
	return program(t, mov(1, n), []byte{0xff, 0xc9, 0x75, 0xfc}, exit(0))
}

// A step allocates nothing: ten thousand more need no more memory.
func TestAStepAllocatesNothing(t *testing.T) {
	allocations := func(n uint32) uint64 {
		path := loop(t, n)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		runConfig(t, Config{Command: command(path), Histogram: true})
		runtime.ReadMemStats(&after)
		return after.Mallocs - before.Mallocs
	}
	few, many := allocations(100), allocations(5100)
	if many > few+100 {
		t.Errorf("10,000 steps more made %d allocations more", many-few)
	}
}

// BenchmarkStep is one step: wait4, what it tells, and the next.
func BenchmarkStep(b *testing.B) {
	b.ReportAllocs()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer null.Close()
	path := programIn(b.TempDir(), []byte{0xeb, 0xfe}) // a jump to itself
	cmd := command(path)
	cmd.Files = []*os.File{null, null, null}
	b.ResetTimer()
	if _, err := Run(Config{Command: cmd, Limit: uint64(b.N)}); err != nil {
		b.Fatal(err)
	}
}
