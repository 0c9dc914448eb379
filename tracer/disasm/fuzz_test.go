package disasm

import (
	"testing"

	"ptwalk/tracer"
)

// Whatever the bytes and the registers: no panic, a length that fits, and
// sentences of printable ASCII that end.
func FuzzDecode(f *testing.F) {
	for _, code := range []string{"0f 05", "f3 aa", "f3 0f 1e fa", "c5 f8 77", "8e d0", "64 48 8b 04 25 28 00 00 00", "0f 94 00", "48 f7 20"} {
		f.Add(bytesOf(f, code), uint64(0x401000), uint64(1), uint64(2), false)
	}
	f.Fuzz(func(t *testing.T, code []byte, at, a, b uint64, narrow bool) {
		arch, before := tracer.X8664, start
		if narrow {
			arch, before.CS = tracer.I386, 0x23
		}
		i := Decode(code, tracer.Addr(at), arch)
		if n := i.Len(); n > len(code) || n > MaxLen || n == 0 && len(code) > 0 {
			t.Fatalf("% x: length %d", code, n)
		}
		before.RIP, before.RAX, before.RCX, before.RSI = tracer.Word(at), tracer.Word(a), tracer.Word(b), tracer.Word(a)
		after := with(before, func(r *tracer.Regs) {
			r.RIP, r.RAX, r.RSP = tracer.Word(i.Next()), tracer.Word(b), r.RSP+tracer.Word(b)
			r.RDX, r.RBX, r.RCX, r.R15, r.EFLAGS = tracer.Word(a), ^tracer.Word(a), ^tracer.Word(b), ^tracer.Word(0), tracer.Word(a)
		})
		for _, text := range []string{i.Text, i.Meaning(before, after), i.Meaning(before, before), i.Intent(before)} {
			if text == "" || len(text) > maxSentence {
				t.Fatalf("% x %s: %d bytes: %q", code, i.Text, len(text), text)
			}
			for _, c := range text {
				if c < ' ' || c > '~' {
					t.Fatalf("% x %s: %q", code, i.Text, text)
				}
			}
		}
	})
}
