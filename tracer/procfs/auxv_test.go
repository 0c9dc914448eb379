package procfs

import (
	"testing"

	"ptwalk/tracer"
)

func TestAux(t *testing.T) {
	wide := "\x06\x00\x00\x00\x00\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00" +
		"\x09\x00\x00\x00\x00\x00\x00\x00\x00\x10\x40\x00\x00\x00\x00\x00"
	narrow := "\x06\x00\x00\x00\x00\x10\x00\x00" + "\x09\x00\x00\x00\x54\x80\x04\x08"
	for _, c := range []struct {
		text string
		key  uint64
		arch tracer.Arch
		want uint64
		has  bool
	}{
		{wide, AuxEntry, tracer.X8664, 0x401000, true},
		{narrow, AuxEntry, tracer.I386, 0x8048054, true},
		{wide, 25, tracer.X8664, 0, false},
		{wide[:31], AuxEntry, tracer.X8664, 0, false}, // cut off
		{"", AuxEntry, tracer.X8664, 0, false},
	} {
		if got, has := parseAux([]byte(c.text), c.key, c.arch); got != c.want || has != c.has {
			t.Errorf("%q, %d: %#x, %v, want %#x, %v", c.text, c.key, got, has, c.want, c.has)
		}
	}
}
