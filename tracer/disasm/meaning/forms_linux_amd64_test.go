package meaning_test

import (
	"fmt"
	"math/bits"
)

var (
	all     = []int{8, 16, 32, 64}
	wide    = []int{16, 32, 64}
	words   = []int{32, 64}
	natural = []int{64} // of the stack and its kin: 32 in 32-bit code, without a prefix
)

// z is the size of an immediate that is as long as the operand, up to 32 bits.
func z(size int) int { return min(size/8, 4) }

func imm8(int) int { return 1 }

// count makes a shift count in cl that is not always small.
func count(t *trial) { t.regs[1] = t.regs[1]&^0xff | uint64(t.IntN(80)) }

// forms are the instructions that disasm has words for, and some for which the
// general sentence is right, with the registers and memory of each operand.
func forms() []form {
	var out []form
	add := func(f ...form) { out = append(out, f...) }

	for n, name := range []string{"add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"} {
		b := byte(8 * n)
		carries := name == "adc" || name == "sbb" // in memory they have no words
		add(form{name: name, op8: []byte{b}, op: []byte{b + 1}, digit: takesReg, sizes: all, general: carries},
			form{name: name, op8: []byte{b + 2}, op: []byte{b + 3}, digit: takesReg, sizes: all, general: carries},
			form{name: name, op8: []byte{0x80}, op: []byte{0x81}, digit: n, sizes: all, imm: z, general: carries},
			form{name: name, op: []byte{0x83}, digit: n, sizes: wide, imm: imm8, general: carries},
			form{name: name + " with rax", op8: []byte{b + 4}, op: []byte{b + 5}, digit: 0, sizes: all, imm: z, only: "none", avoid: []int{}})
	}
	add(
		form{name: "test", op8: []byte{0x84}, op: []byte{0x85}, digit: takesReg, sizes: all},
		form{name: "test", op8: []byte{0xf6}, op: []byte{0xf7}, digit: 0, sizes: all, imm: z},
		form{name: "test /1", op8: []byte{0xf6}, op: []byte{0xf7}, digit: 1, sizes: all, imm: z},
		form{name: "test with rax", op8: []byte{0xa8}, op: []byte{0xa9}, sizes: all, imm: z, only: "none"},
		form{name: "mov", op8: []byte{0x88}, op: []byte{0x89}, digit: takesReg, sizes: all},
		form{name: "mov", op8: []byte{0x8a}, op: []byte{0x8b}, digit: takesReg, sizes: all},
		form{name: "mov", op8: []byte{0xb0}, op: []byte{0xb8}, sizes: all, inReg: true, only: "register", imm: func(size int) int { return size / 8 }},
		form{name: "mov", op8: []byte{0xc6}, op: []byte{0xc7}, digit: 0, sizes: all, imm: z},
		form{name: "movzx", op: []byte{0x0f, 0xb6}, digit: takesReg, sizes: wide, only: "memory"},
		form{name: "movzx", op: []byte{0x0f, 0xb6}, digit: takesReg, sizes: words, only: "register"},
		form{name: "movzx", op: []byte{0x0f, 0xb7}, digit: takesReg, sizes: words},
		form{name: "movsx", op: []byte{0x0f, 0xbe}, digit: takesReg, sizes: wide},
		form{name: "movsx", op: []byte{0x0f, 0xbf}, digit: takesReg, sizes: words},
		form{name: "movsxd", op: []byte{0x63}, digit: takesReg, sizes: words, long: true},
		form{name: "lea", op: []byte{0x8d}, digit: takesReg, sizes: wide, only: "memory"},
		form{name: "xchg", op8: []byte{0x86}, op: []byte{0x87}, digit: takesReg, sizes: all, general: true},
		form{name: "xchg", op: []byte{0x90}, sizes: wide, inReg: true, only: "register", general: true},
		form{name: "xadd", op8: []byte{0x0f, 0xc0}, op: []byte{0x0f, 0xc1}, digit: takesReg, sizes: all, general: true},
		form{name: "cmpxchg", op8: []byte{0x0f, 0xb0}, op: []byte{0x0f, 0xb1}, digit: takesReg, sizes: all, only: "memory", avoid: []int{0}, setup: expected},
		form{name: "cmpxchg", op8: []byte{0x0f, 0xb0}, op: []byte{0x0f, 0xb1}, digit: takesReg, sizes: all, only: "register", general: true},
		form{name: "bswap", op: []byte{0x0f, 0xc8}, sizes: words, inReg: true, only: "register"},

		form{name: "inc", op8: []byte{0xfe}, op: []byte{0xff}, digit: 0, sizes: all},
		form{name: "dec", op8: []byte{0xfe}, op: []byte{0xff}, digit: 1, sizes: all},
		form{name: "inc", op: []byte{0x40}, sizes: []int{16, 32}, inReg: true, only: "register", old: true},
		form{name: "dec", op: []byte{0x48}, sizes: []int{16, 32}, inReg: true, only: "register", old: true},
		form{name: "not", op8: []byte{0xf6}, op: []byte{0xf7}, digit: 2, sizes: all},
		form{name: "neg", op8: []byte{0xf6}, op: []byte{0xf7}, digit: 3, sizes: all},
		form{name: "mul", op8: []byte{0xf6}, op: []byte{0xf7}, digit: 4, sizes: all},
		form{name: "imul", op8: []byte{0xf6}, op: []byte{0xf7}, digit: 5, sizes: all},
		form{name: "div", op8: []byte{0xf6}, op: []byte{0xf7}, digit: 6, sizes: all, avoid: []int{0, 2}, setup: divisible(false)},
		form{name: "idiv", op8: []byte{0xf6}, op: []byte{0xf7}, digit: 7, sizes: all, avoid: []int{0, 2}, setup: divisible(true)},
		form{name: "imul", op: []byte{0x0f, 0xaf}, digit: takesReg, sizes: wide},
		form{name: "imul", op: []byte{0x6b}, digit: takesReg, sizes: wide, imm: imm8},
		form{name: "imul", op: []byte{0x69}, digit: takesReg, sizes: wide, imm: z},
	)
	for digit, name := range map[int]string{0: "rol", 1: "ror", 2: "rcl", 3: "rcr", 4: "shl", 5: "shr", 6: "shl /6", 7: "sar"} {
		carries := digit == 2 || digit == 3
		add(form{name: name, op8: []byte{0xc0}, op: []byte{0xc1}, digit: digit, sizes: all, imm: imm8, general: carries},
			form{name: name, op8: []byte{0xd0}, op: []byte{0xd1}, digit: digit, sizes: all, general: carries},
			form{name: name, op8: []byte{0xd2}, op: []byte{0xd3}, digit: digit, sizes: all, general: carries, avoid: []int{1}, setup: count})
	}
	for n, name := range []string{"bt", "bts", "btr", "btc"} {
		add(form{name: name, op: []byte{0x0f, 0xa3 + byte(8*n)}, digit: takesReg, sizes: wide, only: "register", general: n > 0}, // the index may be the operand
			form{name: name, op: []byte{0x0f, 0xba}, digit: 4 + n, sizes: wide, imm: imm8, only: "register"},
			form{name: name, op: []byte{0x0f, 0xba}, digit: 4 + n, sizes: wide, imm: imm8, only: "memory", general: true})
	}
	add(
		form{name: "popcnt", op: []byte{0x0f, 0xb8}, prefix: 0xf3, digit: takesReg, sizes: wide, general: true},
		form{name: "tzcnt", op: []byte{0x0f, 0xbc}, prefix: 0xf3, digit: takesReg, sizes: wide, general: true},
		form{name: "lzcnt", op: []byte{0x0f, 0xbd}, prefix: 0xf3, digit: takesReg, sizes: wide, general: true},
		form{name: "bsf", op: []byte{0x0f, 0xbc}, digit: takesReg, sizes: wide, general: true},
		form{name: "bsr", op: []byte{0x0f, 0xbd}, digit: takesReg, sizes: wide, general: true},
		form{name: "shld", op: []byte{0x0f, 0xa4}, digit: takesReg, sizes: wide, imm: imm8, general: true},
		form{name: "shrd", op: []byte{0x0f, 0xad}, digit: takesReg, sizes: wide, general: true},
	)
	for n := range byte(16) {
		add(form{name: fmt.Sprintf("set %d", n), op: []byte{0x0f, 0x90 + n}, op8: []byte{0x0f, 0x90 + n}, digit: 0, sizes: []int{8}},
			form{name: fmt.Sprintf("cmov %d", n), op: []byte{0x0f, 0x40 + n}, digit: takesReg, sizes: wide})
	}
	add(
		form{name: "push", op: []byte{0x50}, inReg: true, sizes: natural, only: "register", stack: true, fixed: true},
		form{name: "push word", op: []byte{0x50}, inReg: true, sizes: []int{16}, only: "register", stack: true},
		form{name: "push", op: []byte{0xff}, digit: 6, sizes: natural, stack: true, fixed: true},
		form{name: "push word", op: []byte{0xff}, digit: 6, sizes: []int{16}, stack: true},
		form{name: "push imm", op: []byte{0x68}, sizes: natural, only: "none", fixed: true, imm: func(int) int { return 4 }},
		form{name: "push imm", op: []byte{0x68}, sizes: []int{16}, only: "none", imm: func(int) int { return 2 }},
		form{name: "push imm8", op: []byte{0x6a}, sizes: natural, only: "none", fixed: true, imm: imm8},
		form{name: "push imm8", op: []byte{0x6a}, sizes: []int{16}, only: "none", imm: imm8},
		form{name: "push fs", op: []byte{0x0f, 0xa0}, sizes: natural, only: "none", fixed: true},
		form{name: "pop", op: []byte{0x58}, inReg: true, sizes: natural, only: "register", stack: true, fixed: true, setup: pushed},
		form{name: "pop word", op: []byte{0x58}, inReg: true, sizes: []int{16}, only: "register", stack: true, setup: pushed},
		form{name: "pop mem", op: []byte{0x8f}, digit: 0, sizes: natural, stack: true, fixed: true, only: "memory", general: true},
		form{name: "pushf", op: []byte{0x9c}, sizes: natural, only: "none", fixed: true},
		form{name: "pushf word", op: []byte{0x9c}, sizes: []int{16}, only: "none"},
		form{name: "popf", op: []byte{0x9d}, sizes: natural, only: "none", fixed: true, setup: func(t *trial) { t.put(stackAt, 0x202|t.Uint64()&0x8d5, 64) }},
		form{name: "popf word", op: []byte{0x9d}, sizes: []int{16}, only: "none", general: true, setup: func(t *trial) { t.put(stackAt, 0x202|t.Uint64()&0x8d5, 64) }},
		form{name: "leave", op: []byte{0xc9}, sizes: natural, only: "none", fixed: true, setup: func(t *trial) { t.regs[5] = stackAt; pushed(t) }},
		form{name: "enter", op: []byte{0xc8}, sizes: natural, only: "none", fixed: true, general: true, imm: func(int) int { return 3 }, setup: func(t *trial) { t.e.imm = []byte{8, 0, 0} }},

		form{name: "cbw, cwde, cdqe", op: []byte{0x98}, sizes: wide, only: "none"},
		form{name: "cwd, cdq, cqo", op: []byte{0x99}, sizes: wide, only: "none"},
		form{name: "mov from a segment register", op: []byte{0x8c}, digit: 3, sizes: wide, only: "register"},
		form{name: "mov from a segment register", op: []byte{0x8c}, digit: 2, sizes: []int{16}, only: "memory", fixed: true},
		form{name: "mov to ds", op: []byte{0x8e}, digit: 3, sizes: []int{32}, only: "register", avoid: []int{4}, setup: func(t *trial) {
			t.regs[t.e.rm] = 0x2b | t.Uint64()&^0xffff
		}},
		form{name: "clc", op: []byte{0xf8}, sizes: natural, fixed: true, only: "none"},
		form{name: "stc", op: []byte{0xf9}, sizes: natural, fixed: true, only: "none"},
		form{name: "cmc", op: []byte{0xf5}, sizes: natural, fixed: true, only: "none"},
		form{name: "cld", op: []byte{0xfc}, sizes: natural, fixed: true, only: "none"},
		form{name: "std", op: []byte{0xfd}, sizes: natural, fixed: true, only: "none"},
		form{name: "nop", op: []byte{0x90}, sizes: natural, fixed: true, only: "none"},
		form{name: "nop", op: []byte{0x0f, 0x1f}, digit: 0, sizes: wide},
		form{name: "pause", op: []byte{0x90}, prefix: 0xf3, sizes: natural, fixed: true, only: "none"},
		form{name: "endbr64", op: []byte{0x0f, 0x1e, 0xfa}, prefix: 0xf3, sizes: natural, fixed: true, only: "none"},
		form{name: "rdtsc", op: []byte{0x0f, 0x31}, sizes: natural, fixed: true, only: "none"},
		form{name: "int3", op: []byte{0xcc}, sizes: natural, fixed: true, only: "none"},
		form{name: "icebp", op: []byte{0xf1}, sizes: natural, fixed: true, only: "none"},

		form{name: "emms", general: true, want: "Changes no register that ptrace shows here.", op: []byte{0x0f, 0x77}, sizes: natural, fixed: true, only: "none"},
		form{name: "ldmxcsr", general: true, want: "Changes no register that ptrace shows here.", op: []byte{0x0f, 0xae}, digit: 2, sizes: []int{32}, fixed: true, only: "memory", setup: func(t *trial) { t.put(t.ea, 0x1f80, 32) }},
		form{name: "stmxcsr", general: true, want: "Changes no register that ptrace shows here.", op: []byte{0x0f, 0xae}, digit: 3, sizes: []int{32}, fixed: true, only: "memory"},
		form{name: "sahf", op: []byte{0x9e}, sizes: natural, fixed: true, only: "none", general: true},
		form{name: "xlat", op: []byte{0xd7}, sizes: natural, fixed: true, only: "none", general: true, setup: func(t *trial) { t.regs[0], t.regs[3] = 5, dataAt }},
	)
	return out
}

// expected makes half of the comparisons of cmpxchg succeed.
func expected(t *trial) {
	if t.IntN(2) == 0 {
		t.put(t.ea, t.regs[0], t.size)
	}
}

// pushed puts a value on the stack.
func pushed(t *trial) { t.put(stackAt, t.edge(t.size), 64) }

// divisible makes a dividend whose quotient has room. A divisor in memory is
// written, one in a register stands there.
func divisible(signed bool) func(*trial) {
	return func(t *trial) {
		mask := ^uint64(0) >> (64 - t.size)
		by := t.edge(t.size) & mask
		if by == 0 {
			by = 3
		}
		quotient := t.edge(t.size) & mask
		if signed && by == mask { // -1: the quotient's sign turns
			quotient >>= 1
		}
		rest := uint64(0)
		high, low := bits.Mul64(quotient, by)
		if signed {
			s := func(v uint64) int64 { return int64(v<<(64-t.size)) >> (64 - t.size) }
			q, d := s(quotient), s(by)
			h, l := bits.Mul64(uint64(q), uint64(d))
			if q < 0 {
				h -= uint64(d)
			}
			if d < 0 {
				h -= uint64(q)
			}
			high, low = h, l
		} else {
			rest = t.Uint64() % by
			var carry uint64
			low, carry = bits.Add64(low, rest, 0)
			high += carry
		}
		if t.size < 64 {
			high = low>>t.size | high<<(64-t.size)
			low &= mask
		}
		above := func(n int) uint64 { return t.regs[n] &^ mask }
		if t.size == 8 {
			t.regs[0] = t.regs[0]&^0xffff | low&0xff | high&0xff<<8
		} else {
			t.regs[0], t.regs[2] = above(0)|low&mask, above(2)|high&mask
		}
		switch n := t.e.rm; {
		case t.e.mem != nil:
			t.put(t.ea, by, t.size)
		case t.size == 8 && t.e.high && n >= 4:
			t.regs[n-4] = t.regs[n-4]&^0xff00 | by<<8
		case t.size == 8:
			t.regs[n] = t.regs[n]&^0xff | by
		default:
			t.regs[n] = above(n) | by
		}
	}
}

// vectorForms are the moves of vectors, and instructions with VEX for general
// registers. Needs is the feature of the processor.
func vectorForms() map[string][]form {
	out := map[string][]form{}
	move := func(needs, name string, prefix byte, load, store byte, align bool, vex byte, w bool, length int) {
		f := form{name: name, prefix: prefix, digit: takesReg, sizes: []int{length}, fixed: true, align: align}
		if vex > 0 {
			f.prefix = 0
			f.vector = &vectorForm{vex: vex, table: 1, pp: map[byte]byte{0: 0, 0x66: 1, 0xf3: 2, 0xf2: 3}[prefix], wide: w, length: length}
		}
		for _, op := range []byte{load, store} {
			f := f
			f.op = []byte{0x0f, op}
			if vex > 0 {
				f.op = []byte{op}
			}
			out[needs] = append(out[needs], f)
		}
		if vex == 2 { // with a mask there are no words
			f.vector = &vectorForm{vex: 2, table: 1, pp: f.vector.pp, wide: w, length: length, mask: true}
			f.op, f.general, f.name = []byte{load}, true, name+" with a mask"
			out[needs] = append(out[needs], f)
		}
	}
	for _, m := range []struct {
		name        string
		prefix      byte
		load, store byte
		align       bool
	}{
		{"movups", 0, 0x10, 0x11, false}, {"movupd", 0x66, 0x10, 0x11, false}, {"movaps", 0, 0x28, 0x29, true}, {"movapd", 0x66, 0x28, 0x29, true},
		{"movdqu", 0xf3, 0x6f, 0x7f, false}, {"movdqa", 0x66, 0x6f, 0x7f, true},
	} {
		move("sse2", m.name, m.prefix, m.load, m.store, m.align, 0, false, 128)
		move("avx", "v"+m.name, m.prefix, m.load, m.store, m.align, 1, false, 128)
		move("avx", "v"+m.name, m.prefix, m.load, m.store, m.align, 1, false, 256)
		for _, length := range []int{128, 256, 512} {
			needs := "avx512vl"
			if length == 512 {
				needs = "avx512f"
			}
			move(needs, "v"+m.name+" evex", m.prefix, m.load, m.store, m.align, 2, m.prefix == 0x66 && m.load == 0x10 || m.prefix == 0x66 && m.load == 0x28, length)
			if m.load == 0x6f {
				move(needs, "v"+m.name+"64", m.prefix, m.load, m.store, m.align, 2, true, length)
			}
		}
	}
	out["avx512bw"] = nil
	for _, length := range []int{128, 256, 512} {
		move("avx512bw", "vmovdqu8", 0xf2, 0x6f, 0x7f, false, 2, false, length)
		move("avx512bw", "vmovdqu16", 0xf2, 0x6f, 0x7f, false, 2, true, length)
	}
	out["sse2"] = append(out["sse2"],
		form{name: "movd, movq", prefix: 0x66, op: []byte{0x0f, 0x6e}, digit: takesReg, sizes: words},
		form{name: "movd, movq", prefix: 0x66, op: []byte{0x0f, 0x7e}, digit: takesReg, sizes: words},
		form{name: "movq", prefix: 0xf3, op: []byte{0x0f, 0x7e}, digit: takesReg, sizes: []int{64}, fixed: true, only: "memory"},
		form{name: "movq", prefix: 0x66, op: []byte{0x0f, 0xd6}, digit: takesReg, sizes: []int{64}, fixed: true, only: "memory"},
		form{name: "movq", prefix: 0x66, op: []byte{0x0f, 0xd6}, digit: takesReg, sizes: []int{64}, fixed: true, only: "register", general: true},
		form{name: "mmx movd, movq", op: []byte{0x0f, 0x6e}, digit: takesReg, sizes: words},
		form{name: "pmovmskb", prefix: 0x66, op: []byte{0x0f, 0xd7}, digit: takesReg, sizes: []int{32}, only: "register", general: true},
		form{name: "pxor", want: "Changes no general register.", prefix: 0x66, op: []byte{0x0f, 0xef}, digit: takesReg, sizes: []int{128}, fixed: true, align: true, general: true},
	)
	out["avx"] = append(out["avx"],
		form{name: "vmovd", op: []byte{0x6e}, digit: takesReg, sizes: []int{32}, fixed: true, vector: &vectorForm{vex: 1, table: 1, pp: 1, length: 128}},
		form{name: "vmovq", op: []byte{0x6e}, digit: takesReg, sizes: []int{64}, fixed: true, long: true, vector: &vectorForm{vex: 1, table: 1, pp: 1, wide: true, length: 128}},
		form{name: "vmovd", op: []byte{0x7e}, digit: takesReg, sizes: []int{32}, fixed: true, vector: &vectorForm{vex: 1, table: 1, pp: 1, length: 128}},
		form{name: "vmovq", op: []byte{0x7e}, digit: takesReg, sizes: []int{64}, fixed: true, long: true, vector: &vectorForm{vex: 1, table: 1, pp: 1, wide: true, length: 128}},
		form{name: "vpxor", general: true, want: "Changes no general register.", op: []byte{0xef}, digit: takesReg, sizes: []int{256}, fixed: true, vector: &vectorForm{vex: 1, table: 1, pp: 1, length: 256}},
	)
	for name, pp := range map[string]byte{"shlx": 1, "sarx": 2, "shrx": 3} {
		for _, size := range words {
			out["bmi2"] = append(out["bmi2"], form{name: name, op: []byte{0xf7}, digit: takesReg, sizes: []int{size}, fixed: true, long: size == 64,
				vector: &vectorForm{vex: 1, table: 2, pp: pp, wide: size == 64, length: 128, sources: 1}})
		}
	}
	for _, size := range words {
		w := size == 64
		out["bmi2"] = append(out["bmi2"],
			form{name: "rorx", op: []byte{0xf0}, digit: takesReg, sizes: []int{size}, fixed: true, long: w, imm: imm8, vector: &vectorForm{vex: 1, table: 3, pp: 3, wide: w, length: 128}},
			form{name: "mulx", op: []byte{0xf6}, digit: takesReg, sizes: []int{size}, fixed: true, long: w, general: true, vector: &vectorForm{vex: 1, table: 2, pp: 3, wide: w, length: 128, sources: 1}},
			form{name: "bzhi", op: []byte{0xf5}, digit: takesReg, sizes: []int{size}, fixed: true, long: w, general: true, vector: &vectorForm{vex: 1, table: 2, pp: 0, wide: w, length: 128, sources: 1}},
			form{name: "pext", op: []byte{0xf5}, digit: takesReg, sizes: []int{size}, fixed: true, long: w, general: true, vector: &vectorForm{vex: 1, table: 2, pp: 2, wide: w, length: 128, sources: 1}},
			form{name: "pdep", op: []byte{0xf5}, digit: takesReg, sizes: []int{size}, fixed: true, long: w, general: true, vector: &vectorForm{vex: 1, table: 2, pp: 3, wide: w, length: 128, sources: 1}})
		out["bmi1"] = append(out["bmi1"],
			form{name: "andn", op: []byte{0xf2}, digit: takesReg, sizes: []int{size}, fixed: true, long: w, general: true, vector: &vectorForm{vex: 1, table: 2, pp: 0, wide: w, length: 128, sources: 1}},
			form{name: "bextr", op: []byte{0xf7}, digit: takesReg, sizes: []int{size}, fixed: true, long: w, general: true, vector: &vectorForm{vex: 1, table: 2, pp: 0, wide: w, length: 128, sources: 1}},
			form{name: "blsmsk", op: []byte{0xf3}, digit: 2, sizes: []int{size}, fixed: true, long: w, general: true, vector: &vectorForm{vex: 1, table: 2, pp: 0, wide: w, length: 128, sources: 1}})
	}
	return out
}
