package meaning

import (
	"math/bits"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

// zeroExtend is movzx.
func zeroExtend(s step) string {
	r, ok := s.dest(0)
	if !ok {
		return ""
	}
	size := s.source()
	if from, known := s.known(1, size); known && !s.has(r, from.word) || !s.has(r, cut(s.is(r).word, size)) {
		return ""
	}
	return s.becomes(r) + ": " + s.place(1) + ", zero-extended."
}

// source is the size of operand 1 in bits.
func (s step) source() int {
	if s.isMemory(1) {
		return 8 * s.Op.MemBytes
	}
	return s.bits(1)
}

// signExtend is movsx and movsxd. The latter without REX.W copies 32 bits.
func signExtend(s step) string {
	r, ok := s.dest(0)
	if !ok || s.source() == 0 || s.source() > s.is(r).bits {
		return ""
	}
	how := ", sign-extended"
	if s.source() == s.is(r).bits {
		how = ", copied"
	}
	from, known := s.known(1, s.source())
	if !known {
		from = numberOf(s.is(r).word, s.source())
	}
	return s.extended(r, from, s.place(1)+how)
}

// widenRAX is cbw, cwde and cdqe.
func widenRAX(s step) string {
	from, to := x86asm.Reg(x86asm.EAX), x86asm.Reg(x86asm.RAX)
	switch s.Op.Op {
	case x86asm.CBW:
		from, to = x86asm.AL, x86asm.AX
	case x86asm.CWDE:
		from, to = x86asm.AX, x86asm.EAX
	}
	old, _ := s.was(from)
	return s.extended(to, old, disasm.RegName(from)+", sign-extended")
}

// extended tells of a register that gets a smaller number with its sign.
func (s step) extended(r x86asm.Reg, from number, how string) string {
	if !s.has(r, tracer.Word(from.int64())) {
		return ""
	}
	now := s.is(r)
	return s.upper(disasm.RegName(r)+" becomes "+now.signed()+": "+how, now.negative(), r)
}

// spreadSign is cwd, cdq and cqo.
func spreadSign(s step) string {
	from, to := x86asm.Reg(x86asm.EAX), x86asm.Reg(x86asm.EDX)
	switch s.Op.Op {
	case x86asm.CWD:
		from, to = x86asm.AX, x86asm.DX
	case x86asm.CQO:
		from, to = x86asm.RAX, x86asm.RDX
	}
	old, _ := s.was(from)
	want := tracer.Word(0)
	if old.negative() {
		want = ^want
	}
	if !s.has(to, want) {
		return ""
	}
	return s.upper(disasm.RegName(to)+" becomes "+s.is(to).signed()+": every bit is the sign of "+disasm.RegName(from), old.negative(), to)
}

func swapBytes(s step) string {
	r, ok := s.dest(0)
	old, _ := s.was(r)
	want := bits.ReverseBytes64(uint64(old.word)) >> (64 - old.bits)
	if !ok || old.bits < 32 || !s.has(r, tracer.Word(want)) {
		return "" // of 16 bits the result is not defined
	}
	return s.upper(disasm.RegName(r)+" becomes "+s.is(r).bitwise()+": the bytes of "+old.bitwise()+" in reverse", false, r)
}
