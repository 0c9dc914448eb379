package count

import (
	"ptwalk/tracer"
	"ptwalk/tracer/x86"
)

// kind is what an instruction means to one who steps it.
type kind int

const (
	plain  kind = iota
	call        // syscall, sysenter, int 0x80: runs by PTRACE_SYSCALL
	pushf       // stores the flags, ours among them
	popf        // loads the flags, and confuses the kernel about ours
	iret        // loads the flags too
	int3        // stops by itself
	icebp       // may stop without end
	held        // mov ss, pop ss: the next instruction runs in the same step
	umip        // sgdt and its kind: it does so too where the kernel carries them out
	cpuid       // so it may be here: a virtual machine that carries it out may lose the trap
	hidden      // cannot be read
)

// instruction is what the first bytes of one tell.
type instruction struct {
	kind     kind
	prefixes int
	wide     bool // it has operands of 16 bits
	rex      bool // the kind rests on a REX prefix, which 32-bit code does not have
	cut      bool // it goes on behind the bytes that were there

	after kind        // of the next instruction, where this one is held or cpuid
	end   tracer.Addr // of that instruction
}

// classify looks at the first bytes of an instruction. A REX prefix that is not
// the last prefix means nothing, and one with its bit W overrules 0x66.
func classify(code []byte) instruction {
	var k kind
	var wide, rex, rexW bool
	n := 0
prefixes:
	for ; n < len(code); n++ {
		switch b := code[n]; {
		case b == 0x66:
			wide, rexW = true, false
		case b == 0x67, b == 0xf2, b == 0xf3,
			b == 0x26, b == 0x2e, b == 0x36, b == 0x3e, b == 0x64, b == 0x65:
			rexW = false
		case b&0xf0 == 0x40:
			rex, rexW = true, b&8 != 0
		default:
			break prefixes
		}
	}
	if n+2 >= len(code) && len(code) < x86.LongestInstruction {
		return instruction{prefixes: n, rex: rex, cut: true}
	}
	var next, modrm byte
	if n+2 < len(code) {
		next, modrm = code[n+1], code[n+2]
	}
	switch code[n] {
	case 0x0f:
		switch next {
		case 0x05, 0x34:
			k = call
		case 0xa2:
			k = cpuid
		case 0x00:
			if modrm>>3&7 <= 1 { // sldt, str
				k = umip
			}
		case 0x01:
			if op := modrm >> 3 & 7; op <= 1 && modrm < 0xc0 || op == 4 { // sgdt, sidt, smsw
				k = umip
			}
		}
	case 0x8e:
		if next>>3&7 == 2 {
			k = held
		}
	case 0x17:
		k = held
	case 0xcd:
		switch next {
		case 0x80:
			k = call
		case 0x03:
			k = int3
		}
	case 0x9c:
		k = pushf
	case 0x9d:
		k = popf
	case 0xcf:
		k = iret
	case 0xcc:
		k = int3
	case 0xf1:
		k = icebp
	}
	return instruction{kind: k, prefixes: n, wide: wide && !rexW, rex: rex && k != plain}
}
