package meaning

import (
	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/x86"
)

// step is one executed instruction between two register states.
type step struct {
	disasm.Inst
	before, after tracer.Regs
}

// bits is the size of operand n: that of the register, or of the memory.
func (s step) bits(n int) int {
	if r, ok := s.Op.Args[n].(x86asm.Reg); ok {
		if _, bits, _, ok := disasm.Part(r); ok {
			return bits
		}
	}
	return 8 * s.Op.MemBytes
}

// count is how many operands there are.
func (s step) count() int {
	n := 0
	for n < len(s.Op.Args) && s.Op.Args[n] != nil {
		n++
	}
	return n
}

// dest returns operand n if it is a general register.
func (s step) dest(n int) (x86asm.Reg, bool) {
	r, ok := s.Op.Args[n].(x86asm.Reg)
	if !ok {
		return 0, false
	}
	_, _, _, ok = disasm.Part(r)
	return r, ok
}

// known is operand n before the step, in so many bits, if the bytes and the
// registers prove it. What memory holds they do not.
func (s step) known(n, bits int) (number, bool) {
	switch a := s.Op.Args[n].(type) {
	case x86asm.Reg:
		return s.was(a)
	case x86asm.Imm:
		return numberOf(tracer.Word(a), bits), true
	}
	return number{}, false
}

// was and is are what a general register held, and holds.
func (s step) was(r x86asm.Reg) (number, bool) { return registerNumber(r, s.before) }
func (s step) is(r x86asm.Reg) number          { n, _ := registerNumber(r, s.after); return n }

func registerNumber(r x86asm.Reg, in tracer.Regs) (number, bool) {
	_, bits, _, ok := disasm.Part(r)
	w, _ := valueOf(r, in)
	return numberOf(w, bits), ok
}

// place names operand n for a sentence: "rbx", "5", "the 4 bytes at 0x402000".
func (s step) place(n int) string {
	switch a := s.Op.Args[n].(type) {
	case x86asm.Reg:
		return disasm.RegName(a)
	case x86asm.Mem:
		return bytesAt(s.Op.MemBytes, s.where(a))
	}
	v, _ := s.known(n, s.bits(0))
	return v.String()
}

// seen is place, with the value of a register: "rbx (7)".
func (s step) seen(n int, spell func(number) string) string {
	v, known := s.known(n, s.bits(0))
	switch _, register := s.Op.Args[n].(x86asm.Reg); {
	case register && known:
		return s.place(n) + " (" + spell(v) + ")"
	case known:
		return spell(v)
	}
	return s.place(n)
}

// isMemory says whether operand n is in memory.
func (s step) isMemory(n int) bool {
	_, ok := s.Op.Args[n].(x86asm.Mem)
	return ok
}

// where spells the address of a memory operand.
func (s step) where(m x86asm.Mem) string {
	if a, ok := s.address(m); ok {
		return a.String()
	}
	if segment := s.segment(m); !s.flat(segment) {
		return "an address in segment " + disasm.RegName(segment)
	}
	return "addresses that a vector holds"
}

// address computes the address of a memory operand from the registers before
// the step.
func (s step) address(m x86asm.Mem) (tracer.Addr, bool) {
	sum, ok := s.offset(m)
	if !ok {
		return 0, false
	}
	segment := s.segment(m)
	switch {
	case segment == x86asm.FS && s.Op.Mode == 64:
		sum += s.before.FSBase
	case segment == x86asm.GS && s.Op.Mode == 64:
		sum += s.before.GSBase
	case !s.flat(segment):
		return 0, false
	}
	return tracer.Addr(sum), true
}

// offset is an address without the base of its segment: what lea computes.
func (s step) offset(m x86asm.Mem) (tracer.Word, bool) {
	sum := tracer.Word(m.Disp)
	switch m.Base {
	case 0:
	case x86asm.RIP, x86asm.EIP:
		sum += tracer.Word(s.Next())
	default:
		w, ok := valueOf(m.Base, s.before)
		if !ok {
			return 0, false
		}
		sum += w
	}
	if m.Index != 0 {
		w, ok := valueOf(m.Index, s.before)
		if !ok {
			return 0, false // a vector register
		}
		sum += w * tracer.Word(max(m.Scale, 1))
	}
	return cut(sum, s.Op.AddrSize), true
}

// segment is the one that a memory operand lies in.
func (s step) segment(m x86asm.Mem) x86asm.Reg {
	if m.Segment != 0 {
		return m.Segment
	}
	return disasm.Segment(m)
}

// userDS is __USER_DS, the selector of the data segment that the kernel gives a
// program. It begins at 0.
const userDS = 0x2b

// flat says whether a segment is known to begin at 0. In 64-bit code all do but
// fs and gs. In 32-bit code a selector of the program's own, and those of fs and
// gs, name rows of tables that the registers do not show.
func (s step) flat(segment x86asm.Reg) bool {
	if s.Op.Mode == 64 {
		return segment != x86asm.FS && segment != x86asm.GS
	}
	selector, _ := valueOf(segment, s.before)
	return selector == userDS || segment == x86asm.CS && selector == x86.UserCS32
}

// counter returns rcx, or as much of it as the address size uses.
func (s step) counter(in tracer.Regs) (string, tracer.Word) {
	switch s.Op.AddrSize {
	case 64:
		return "rcx", in.RCX
	case 32:
		return "ecx", cut(in.RCX, 32)
	}
	return "cx", cut(in.RCX, 16)
}

// pointer returns a general register cut to the address size.
func (s step) pointer(w tracer.Word) tracer.Addr { return tracer.Addr(cut(w, s.Op.AddrSize)) }

// bytesAt is "the byte at 0x402000" or "the 4 bytes at 0x402000".
func bytesAt(n int, where string) string {
	switch n {
	case 0:
		return "the memory at " + where
	case 1:
		return "the byte at " + where
	}
	return "the " + tracer.Word(n).String() + " bytes at " + where
}
