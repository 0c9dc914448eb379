// Package kind tells from the first bytes of an instruction whether one who steps
// or traces it has to take care: it makes a system call, it stores, loads or shows
// the trap flag, or its step does not stop where the next one begins.
package kind

import "ptwalk/tracer/x86"

// Kind is what an instruction means to one who steps it.
type Kind int

// The kinds.
const (
	Plain Kind = iota
	Call       // syscall, sysenter, int 0x80
	Pushf      // stores the flags, those of the tracer among them
	Popf       // loads the flags, and confuses the kernel about the tracer's
	Iret       // loads the flags too
	Int3       // stops by itself
	Icebp      // may stop without end
	Held       // mov ss, pop ss: the next instruction runs in the same step
	UMIP       // sgdt, sidt, smsw, sldt, str: it does so too where the kernel carries them out
	CPUID      // so it may be here: a virtual machine that carries it out may lose the trap
)

// Instruction is what the first bytes of one tell.
type Instruction struct {
	Kind     Kind // in 64-bit code; see In
	Prefixes int
	Wide     bool // it has operands of 16 bits
	REX      bool // there is a REX prefix, which 32-bit code does not have
	Cut      bool // it goes on behind the bytes that were there
}

// In is the kind in 64-bit or 32-bit code. What is a REX prefix in the one is inc or
// dec in the other, an instruction of its own.
func (in Instruction) In(is32 bool) Kind {
	if is32 && in.REX {
		return Plain
	}
	return in.Kind
}

// Of looks at the first bytes of an instruction, at 15 or at those that there are. A REX prefix that is not
// the last prefix means nothing, and one with its bit W overrules 0x66.
func Of(code []byte) Instruction {
	var k Kind
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
	cut := false
	at := func(i int) byte {
		if n+i < len(code) {
			return code[n+i]
		}
		cut = len(code) < x86.LongestInstruction
		return 0
	}
	switch at(0) {
	case 0x0f:
		switch at(1) {
		case 0x05, 0x34:
			k = Call
		case 0xa2:
			k = CPUID
		case 0x00:
			if at(2)>>3&7 <= 1 { // sldt, str
				k = UMIP
			}
		case 0x01:
			if op := at(2) >> 3 & 7; op <= 1 && at(2) < 0xc0 || op == 4 { // sgdt, sidt, smsw
				k = UMIP
			}
		}
	case 0x8e:
		if at(1)>>3&7 == 2 {
			k = Held
		}
	case 0x17:
		k = Held
	case 0xcd:
		switch at(1) {
		case 0x80:
			k = Call
		case 0x03:
			k = Int3
		}
	case 0x9c:
		k = Pushf
	case 0x9d:
		k = Popf
	case 0xcf:
		k = Iret
	case 0xcc:
		k = Int3
	case 0xf1:
		k = Icebp
	}
	return Instruction{Kind: k, Prefixes: n, Wide: wide && !rexW, Cut: cut, REX: rex}
}
