package step

import (
	"slices"
	"strings"
	"testing"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// TestRowsFit prints the longest rows at every width: no line is wider, and no
// word is lost.
func TestRowsFit(t *testing.T) {
	event := &event.Instruction{Addr: tracer.Addr(0x7ffff7fe1234), Text: "vpcmpeqb ymm1, ymm0, ymmword ptr [rdi+rax*8+0x12345678]",
		Meaning: "Not decoded here: ymm1 may have changed, and rip is 0x7ffff7fe123d, which is the next instruction."}
	want := strings.Fields(event.Addr.String() + " " + event.Text + " " + event.Meaning)
	for width := 40; width <= 80; width++ {
		var b strings.Builder
		r := &stepTable{w: &b, width: width}
		r.Event(event)
		for line := range strings.Lines(b.String()) {
			if len(line)-1 > width {
				t.Errorf("%d columns, and not %d: %s", len(line)-1, width, line)
			}
		}
		if got := strings.Fields(b.String()); !slices.Equal(got, want) {
			t.Errorf("at %d columns the row is\n%s", width, b.String())
		}
	}
}
