package meaning

import (
	"strings"
	"testing"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/disasm/meaning/sentencecheck"
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
		i := disasm.Decode(code, tracer.Addr(at), arch)
		if n := i.Len(); n > len(code) || n > disasm.MaxLen || n == 0 && len(code) > 0 {
			t.Fatalf("% x: length %d", code, n)
		}
		// What follows an instruction says nothing about it.
		if alone := disasm.Decode(i.Bytes, tracer.Addr(at), arch); i.Known && (alone.Text != i.Text || alone.Len() != i.Len()) {
			t.Fatalf("% x: %q, alone %q", i.Bytes, i.Text, alone.Text)
		}
		before.RIP, before.RAX, before.RCX, before.RSI = tracer.Word(at), tracer.Word(a), tracer.Word(b), tracer.Word(a)
		after := with(before, func(r *tracer.Regs) {
			r.RIP, r.RAX, r.RSP = tracer.Word(i.Next()), tracer.Word(b), r.RSP+tracer.Word(b)
			r.RDX, r.RBX, r.RCX, r.R15, r.EFLAGS = tracer.Word(a), ^tracer.Word(a), ^tracer.Word(b), ^tracer.Word(0), tracer.Word(a)
		})
		for _, text := range []string{i.Text, Of(i, before, after), Of(i, before, before), Intent(i, before)} {
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

// Whatever the registers are before and after, a sentence says of them what they
// are: where they are not what the instruction makes of them, it says less.
func FuzzMeaning(f *testing.F) {
	for _, code := range strings.Split(`01 d8;29 d8;11 d8;21 d8;31 d8;31 c0;39 d8;85 c0;03 07;01 07;83 c0 05;83 27 f0;48 83 e4 f0;04 c8;66 05 34 12;
		ff c0;ff 07;f7 d0;f7 d8;f7 e3;f7 eb;f7 f3;f7 fb;f6 e3;48 f7 e3;48 f7 33;0f af c3;6b c3 05;48 0f af 07;c1 e0 03;d3 e0;d3 f8;d1 c0;c4 e2 71 f7 c7;
		b8 05 00 00 00;89 d8;8b 07;89 07;c6 07 05;8e d0;8c d8;0f b6 c7;0f be c3;48 63 c3;8d 43 01;87 d8;87 07;0f c1 d8;0f c1 07;0f b1 0f;0f c8;98;99;48 99;
		50;58;68 05 10 40 00;6a ff;ff 33;9c;9d;c9;e8 00 00 00 00;ff d0;ff 13;c3;c2 08 00;eb 05;ff e0;ff 27;75 05;0f 84 00 01 00 00;e2 fe;e3 05;
		0f 94 c0;0f 94 07;0f 44 c3;0f 45 c3;0f 45 07;f8;f9;f5;fc;fd;0f a3 d8;0f ba e8 03;f3 0f b8 c3;f3 0f bc c3;0f bc c3;0f bd c3;
		aa;f3 aa;f3 48 a5;a4;ad;f3 a6;f2 ae;a7;0f 05;cd 80;0f 34;cc;f1;90;0f 1f 00;f3 0f 1e fa;0f a2;0f 31;0f 77;0f ae 17;
		c5 fe 6f 07;c5 fe 7f 07;66 48 0f 7e c0;66 0f 6e c0;62 f1 fe 48 6f 47 01;c4 e2 f0 f2 c2`, ";") {
		code = strings.Join(strings.Fields(code), " ")
		f.Add(bytesOf(f, code), uint64(3), uint64(4), uint64(12), uint64(0), uint16(0), false)
	}
	f.Fuzz(func(t *testing.T, code []byte, a, b, c, d uint64, which uint16, is32 bool) {
		before := start
		if is32 {
			before = narrow
		}
		i := disasm.Decode(code, tracer.Addr(before.RIP), before.Arch())
		before.RAX, before.RBX, before.RCX, before.RDX = tracer.Word(a), tracer.Word(b), tracer.Word(b), tracer.Word(d)
		before.RSI, before.RBP, before.R8 = tracer.Word(a), tracer.Word(b), tracer.Word(a)
		before.EFLAGS ^= tracer.Word(a) & 0x8d5
		after := with(before, func(r *tracer.Regs) { r.RIP = tracer.Word(i.Next()) })
		for n, change := range []func(){
			func() { after.RAX = tracer.Word(c) }, func() { after.RDX = tracer.Word(d >> 1) }, func() { after.RBX = tracer.Word(a) },
			func() { after.RCX-- }, func() { after.RSI++ }, func() { after.RDI++ }, func() { after.EFLAGS ^= 0x40 }, func() { after.EFLAGS ^= 1 },
			func() { after.RSP -= 8 }, func() { after.RSP += 8 }, func() { after.RIP = tracer.Word(c) }, func() { after.RSP -= 4 },
			func() { after.RAX &= 0xffffffff }, func() { after.RBX &= 0xffffffff }, func() { after.EFLAGS |= 0x100 }, func() { after.RIP = before.RIP },
		} {
			if which>>n&1 == 1 {
				change()
			}
		}
		if is32 { // the registers have 32 bits there
			for _, r := range []*tracer.Regs{&before, &after} {
				for _, w := range []*tracer.Word{&r.RAX, &r.RBX, &r.RCX, &r.RDX, &r.RSI, &r.RDI, &r.RBP, &r.RSP, &r.RIP} {
					*w &= 0xffffffff
				}
			}
		}
		if !i.Known {
			return
		}
		meaning := Of(i, before, after)
		wrong := sentencecheck.Check(&sentencecheck.Step{Arch: string(before.Arch()), Addr: uint64(i.Addr), Code: i.Bytes,
			Text: i.Text, Meaning: meaning, Before: byName(before), After: byName(after)})
		if len(wrong) > 0 {
			t.Errorf("% x %s\n\t%s\n\t%s", i.Bytes, i.Text, meaning, strings.Join(wrong, "\n\t"))
		}
	})
}

// byName are the registers as the checker has them.
func byName(r tracer.Regs) map[string]uint64 {
	all := map[string]uint64{}
	for _, reg := range r.All() {
		all[reg.Name] = uint64(reg.Value)
	}
	return all
}
