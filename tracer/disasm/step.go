package disasm

import (
	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
)

// step is one executed instruction between two register states.
type step struct {
	Inst
	before, after tracer.Regs
}

// name is the name of a register as [tracer.Regs.All] spells it, so that a
// sentence and the table of changed registers agree: eax is a part of rax. A
// part of 8 or 16 bits keeps its own name, because the rest stays as it was.
func (s step) name(r x86asm.Reg) string {
	number, bits, _, ok := part(r)
	if ok && bits == 32 && s.arch != tracer.I386 {
		return names64[number]
	}
	return regName(r)
}

// value spells what the named register holds in one of the two states.
func (s step) value(r x86asm.Reg, in tracer.Regs) string {
	if x86asm.ES <= r && r <= x86asm.GS {
		w, _ := valueOf(r, in)
		return w.Hex() // a selector: bits, not a number
	}
	number, bits, _, ok := part(r)
	if ok && bits == 32 && s.arch != tracer.I386 {
		return generals(in)[number].String()
	}
	w, _ := valueOf(r, in)
	return w.String()
}

// becomes is the first half of most sentences, "rax becomes 5".
func (s step) becomes(r x86asm.Reg) string {
	return s.name(r) + " becomes " + s.value(r, s.after)
}

// dest returns operand n if it is a general register.
func (s step) dest(n int) (x86asm.Reg, bool) {
	r, ok := s.op.Args[n].(x86asm.Reg)
	if !ok {
		return 0, false
	}
	_, _, _, ok = part(r)
	return r, ok
}

// bits is the size of the operation, by its register operand or its memory.
func (s step) bits(n int) int {
	if r, ok := s.op.Args[n].(x86asm.Reg); ok {
		if _, bits, _, ok := part(r); ok {
			return bits
		}
	}
	return 8 * s.op.MemBytes
}

// known spells the value of operand n before the step, if the bytes and the
// registers prove it. What memory holds they do not.
func (s step) known(n, bits int) (string, bool) {
	switch a := s.op.Args[n].(type) {
	case x86asm.Reg:
		w, ok := valueOf(a, s.before)
		return w.String(), ok
	case x86asm.Imm:
		if bits < 64 { // a constant has the sign that was written
			if n := int64(a); -10000 < n && n < 0 {
				return tracer.Word(n).String(), true
			}
			return cut(tracer.Word(a), bits).String(), true
		}
		return tracer.Word(a).String(), true
	}
	return "", false
}

// place names operand n for a sentence: "rbx", "5", "the 4 bytes at 0x402000".
func (s step) place(n int) string {
	switch a := s.op.Args[n].(type) {
	case x86asm.Reg:
		return regName(a)
	case x86asm.Mem:
		return bytesAt(s.op.MemBytes, s.where(a))
	}
	v, _ := s.known(n, s.bits(0))
	return v
}

// seen is place, with the value of a register: "rbx (7)".
func (s step) seen(n int) string {
	if r, ok := s.op.Args[n].(x86asm.Reg); ok {
		if w, ok := valueOf(r, s.before); ok {
			return regName(r) + " (" + w.String() + ")"
		}
	}
	return s.place(n)
}

// isMemory says whether operand n is in memory.
func (s step) isMemory(n int) bool {
	_, ok := s.op.Args[n].(x86asm.Mem)
	return ok
}

// where spells the address of a memory operand.
func (s step) where(m x86asm.Mem) string {
	if a, ok := s.address(m); ok {
		return a.String()
	}
	return "an address in segment " + regName(m.Segment)
}

// address computes the address of a memory operand from the registers before
// the step. In 32-bit code the base of fs and gs lies in a table of the kernel,
// which the registers do not show; all other segments begin at 0 on Linux.
func (s step) address(m x86asm.Mem) (tracer.Addr, bool) {
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
	if m.Index != 0 && m.Scale != 0 {
		w, ok := valueOf(m.Index, s.before)
		if !ok {
			return 0, false
		}
		sum += w * tracer.Word(m.Scale)
	}
	sum = cut(sum, s.op.AddrSize)
	switch {
	case m.Segment == x86asm.FS && s.op.Mode == 64:
		sum += s.before.FSBase
	case m.Segment == x86asm.GS && s.op.Mode == 64:
		sum += s.before.GSBase
	case m.Segment == x86asm.FS, m.Segment == x86asm.GS:
		return 0, false
	}
	return tracer.Addr(sum), true
}

// counter returns rcx, or as much of it as the address size uses.
func (s step) counter(in tracer.Regs) (string, tracer.Word) {
	switch s.op.AddrSize {
	case 64:
		return "rcx", in.RCX
	case 32:
		return "ecx", cut(in.RCX, 32)
	}
	return "cx", cut(in.RCX, 16)
}

// pointer returns a general register cut to the address size.
func (s step) pointer(w tracer.Word) tracer.Addr { return tracer.Addr(cut(w, s.op.AddrSize)) }
