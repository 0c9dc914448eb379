package tracer

import "testing"

// What DR7 says of a slot, as the processor's manual lays out its bits.
func TestDR7(t *testing.T) {
	for _, tt := range []struct {
		slot  int
		watch Watch
		want  DR7
	}{
		{0, Watch{true, OnExecute, 1}, 0x1},
		{0, Watch{true, OnWrite, 8}, 0x90001},
		{0, Watch{true, OnReadWrite, 4}, 0xf0001},
		{1, Watch{true, OnWrite, 2}, 0x500004},
		{3, Watch{true, OnWrite, 1}, 0x10000040},
		{3, Watch{false, OnReadWrite, 4}, 0xf0000000},
	} {
		got := DR7(0).With(tt.slot, tt.watch)
		if got != tt.want || got.Slot(tt.slot) != tt.watch {
			t.Errorf("%+v in slot %d is %#x, and back %+v; want %#x", tt.watch, tt.slot, uint64(got), got.Slot(tt.slot), uint64(tt.want))
		}
		if full := DR7(0xffff00ff).With(tt.slot, tt.watch); full.Slot(tt.slot) != tt.watch {
			t.Errorf("%+v over another watch is %+v", tt.watch, full.Slot(tt.slot))
		}
		if off := got.Without(tt.slot); off != 0 {
			t.Errorf("without slot %d: %#x", tt.slot, uint64(off))
		}
	}
}
