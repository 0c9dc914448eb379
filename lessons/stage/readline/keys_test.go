package readline

import (
	"io"
	"slices"
	"testing"
)

// TestKeys takes bytes apart that came in one read or in many: the keys are the same.
func TestKeys(t *testing.T) {
	for bytes, want := range map[string][]Key{
		"ab\r\n":                 {'a', 'b', Enter, Enter},
		"\x08\x7f\x03\x04\x15":   {Backspace, Backspace, CtrlC, CtrlD, CtrlU},
		"\x1b[A\x1b[B\x1b[C":     {Up, Down, Right},
		"\x1bOD\x1bOH\x1bOF":     {Left, Home, End},
		"\x1b[5~\x1b[6~\x1b[3~":  {PageUp, PageDown, Delete},
		"\x1b[1~\x1b[4~\x1b[7~":  {Home, End, Home},
		"\x1b[1;5C\x1b[5;2~x":    {Right, PageUp, 'x'},
		"\x1b[15~\x1b[[A\x1b[Zx": {Other, Other, Other, 'x'},
		"\x1b[200~ab\x1b[201~":   {Other, 'a', 'b', Other},
		"\x1b[12\r":              {Other, Enter},
		"\x1b\x1b[A":             {Escape, Up},
		"\x1bb":                  {Escape, 'b'},
		"\u00e9\u4e2d\xff":       {'\u00e9', '\u4e2d', 0xfffd},
	} {
		var whole, split Keys
		if got := whole.Feed([]byte(bytes)); !slices.Equal(got, want) || whole.Pending() {
			t.Errorf("%q: %v, want %v", bytes, got, want)
		}
		var got []Key
		for _, b := range []byte(bytes) {
			got = append(got, split.Feed([]byte{b})...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q byte by byte: %v, want %v", bytes, got, want)
		}
	}
}

// TestRest gives up what nothing follows: an escape is a key of its own.
func TestRest(t *testing.T) {
	for bytes, want := range map[string][]Key{"\x1b": {Escape}, "\x1b[": {Escape}, "\xe4": {Other}, "x": nil} {
		var p Keys
		p.Feed([]byte(bytes))
		if pending := p.Pending(); pending != (want != nil) {
			t.Errorf("%q is pending: %v", bytes, pending)
		}
		if got := p.Rest(); !slices.Equal(got, want) || p.Pending() {
			t.Errorf("%q: %v, want %v", bytes, got, want)
		}
	}
}

// FuzzKeys: whatever a terminal sends, every byte of it is used up, in any number of
// reads.
func FuzzKeys(f *testing.F) {
	f.Add([]byte("\x1b[5~x\x1bO"), 1)
	f.Fuzz(func(t *testing.T, bytes []byte, at int) {
		at = min(max(0, at), len(bytes))
		var whole, split Keys
		all := append(whole.Feed(bytes), whole.Rest()...)
		parts := append(split.Feed(bytes[:at]), split.Feed(bytes[at:])...)
		if parts = append(parts, split.Rest()...); !slices.Equal(all, parts) {
			t.Errorf("%q: %v, and in two reads %v", bytes, all, parts)
		}
	})
}

// TestRead hands on keys until the end, and until they are wanted no more. Bytes that
// follow each other slowly are one key; an escape that nothing follows is one.
func TestRead(t *testing.T) {
	r, w := io.Pipe()
	keys := make(chan Key, 10)
	go func() {
		defer close(keys)
		Read(r, func(k Key) bool { keys <- k; return k != 'q' })
	}()
	for _, part := range []string{"a", "\x1b", "[5", "~", "\x1b"} {
		w.Write([]byte(part))
	}
	for _, want := range []Key{'a', PageUp, Escape} {
		if got := <-keys; got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	go w.Write([]byte("qx"))
	if got := <-keys; got != 'q' {
		t.Errorf("got %v, want q", got)
	}
	if got, more := <-keys; more {
		t.Errorf("got %v after the last that was wanted", got)
	}
}
