package kind

import (
	"bytes"
	"testing"

	"ptwalk/tracer/x86"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		about string
		code  []byte
		want  Kind
		in32  Kind
	}{
		{"nop", []byte{0x90}, Plain, Plain},
		{"syscall", []byte{0x0f, 0x05}, Call, Call},
		{"sysenter", []byte{0x0f, 0x34}, Call, Call},
		{"int 0x80", []byte{0xcd, 0x80}, Call, Call},
		{"int 0x81", []byte{0xcd, 0x81}, Plain, Plain},
		{"pushf", []byte{0x9c}, Pushf, Pushf},
		{"pushfw", []byte{0x66, 0x9c}, Pushf, Pushf},
		{"rex.w pushf, or dec eax", []byte{0x48, 0x9c}, Pushf, Plain},
		{"popf", []byte{0x9d}, Popf, Popf},
		{"iretq, or dec eax", []byte{0x48, 0xcf}, Iret, Plain},
		{"int3", []byte{0xcc}, Int3, Int3},
		{"int 3 of two bytes", []byte{0xcd, 0x03}, Int3, Int3},
		{"icebp", []byte{0xf1}, Icebp, Icebp},
		{"mov ss, eax", []byte{0x8e, 0xd0}, Held, Held},
		{"mov ds, eax", []byte{0x8e, 0xd8}, Plain, Plain},
		{"pop ss", []byte{0x17}, Held, Held},
		{"cpuid", []byte{0x0f, 0xa2}, CPUID, CPUID},
		{"sldt eax", []byte{0x0f, 0x00, 0xc0}, UMIP, UMIP},
		{"str eax", []byte{0x0f, 0x00, 0xc8}, UMIP, UMIP},
		{"verr ax", []byte{0x0f, 0x00, 0xe0}, Plain, Plain},
		{"sgdt [rax]", []byte{0x0f, 0x01, 0x00}, UMIP, UMIP},
		{"sidt [rax]", []byte{0x0f, 0x01, 0x08}, UMIP, UMIP},
		{"smsw eax", []byte{0x0f, 0x01, 0xe0}, UMIP, UMIP},
		{"vmcall", []byte{0x0f, 0x01, 0xc1}, Plain, Plain},
		{"lgdt [rax]", []byte{0x0f, 0x01, 0x10}, Plain, Plain},
	} {
		in := Of(c.code)
		if in.In(false) != c.want || in.In(true) != c.in32 || in.Cut {
			t.Errorf("%s: %+v, in 32-bit code %v; want %v and %v", c.about, in, in.In(true), c.want, c.in32)
		}
	}
}

// The operands have 16 bits behind a 0x66, unless the last prefix is a REX with its
// bit W.
func TestWide(t *testing.T) {
	for _, c := range []struct {
		code     []byte
		wide     bool
		prefixes int
	}{
		{[]byte{0x9d}, false, 0},
		{[]byte{0x66, 0x9d}, true, 1},
		{[]byte{0x66, 0x48, 0x9d}, false, 2},
		{[]byte{0x48, 0x66, 0x9d}, true, 2},
		{[]byte{0x66, 0x48, 0x2e, 0x9d}, true, 3},
		{[]byte{0x66, 0x41, 0x9d}, true, 2},
	} {
		if in := Of(c.code); in.Wide != c.wide || in.Prefixes != c.prefixes {
			t.Errorf("% x: %+v", c.code, in)
		}
	}
}

// What needs more bytes than there are says so, and 15 are never too few.
func TestCut(t *testing.T) {
	for _, c := range []struct {
		code []byte
		cut  bool
	}{
		{nil, true}, {[]byte{0x66}, true}, {[]byte{0x0f}, true}, {[]byte{0xcd}, true}, {[]byte{0x0f, 0x01}, true}, {[]byte{0x8e}, true},
		{[]byte{0x0f, 0x05}, false}, {[]byte{0x90}, false},
		{bytes.Repeat([]byte{0x2e}, 14), true},
		{bytes.Repeat([]byte{0x2e}, x86.LongestInstruction), false},
		{append(bytes.Repeat([]byte{0x2e}, 14), 0x0f), false},
	} {
		if in := Of(c.code); in.Cut != c.cut {
			t.Errorf("% x: %+v", c.code, in)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add([]byte{0x66, 0x9c})
	f.Add(bytes.Repeat([]byte{0x66}, 15))
	f.Fuzz(func(t *testing.T, code []byte) {
		in := Of(code)
		if in.Prefixes < 0 || in.Prefixes > len(code) || in.Kind < Plain || in.Kind > CPUID || in.Cut && len(code) >= x86.LongestInstruction {
			t.Errorf("% x: %+v", code, in)
		}
	})
}
