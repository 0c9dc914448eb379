package meaning

import (
	"fmt"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

// The status flags in EFLAGS.
const (
	carry     = 1 << 0
	parity    = 1 << 2
	zero      = 1 << 6
	sign      = 1 << 7
	direction = 1 << 10
	overflow  = 1 << 11
)

func setOrClear(flag tracer.Word) string {
	if flag != 0 {
		return "set"
	}
	return "clear"
}

// A test is what jcc, setcc and cmovcc ask of the flags. Its function says
// whether it holds and which flags decide that.
type test func(flags tracer.Word) (holds bool, why string)

// not turns a test around. Why stays true, because it tells the flags as they
// are.
func not(t test) test {
	return func(f tracer.Word) (bool, string) {
		holds, why := t(f)
		return !holds, why
	}
}

func flag(name string, bit tracer.Word) test {
	return func(f tracer.Word) (bool, string) { return f&bit != 0, name + " is " + setOrClear(f&bit) }
}

func less(f tracer.Word) (bool, string) {
	if (f&sign != 0) != (f&overflow != 0) {
		return true, "SF and OF differ"
	}
	return false, "SF and OF are equal"
}

func lessOrEqual(f tracer.Word) (bool, string) {
	if f&zero != 0 {
		return true, "ZF is set"
	}
	if holds, why := less(f); holds {
		return holds, why
	}
	return false, "ZF is clear and SF equals OF"
}

func belowOrEqual(f tracer.Word) (bool, string) {
	switch {
	case f&zero != 0:
		return true, "ZF is set"
	case f&carry != 0:
		return true, "CF is set"
	}
	return false, "CF and ZF are clear"
}

// tests are the conditions by the low four bits of the opcode: Intel manual,
// volume 2, appendix B, "Condition codes".
var tests = [16]test{
	flag("OF", overflow), not(flag("OF", overflow)),
	flag("CF", carry), not(flag("CF", carry)),
	flag("ZF", zero), not(flag("ZF", zero)),
	belowOrEqual, not(belowOrEqual),
	flag("SF", sign), not(flag("SF", sign)),
	flag("PF", parity), not(flag("PF", parity)),
	less, not(less),
	lessOrEqual, not(lessOrEqual),
}

var conditions = map[x86asm.Op]test{}

func init() {
	for n, ops := range [16][3]x86asm.Op{
		{x86asm.JO, x86asm.SETO, x86asm.CMOVO}, {x86asm.JNO, x86asm.SETNO, x86asm.CMOVNO},
		{x86asm.JB, x86asm.SETB, x86asm.CMOVB}, {x86asm.JAE, x86asm.SETAE, x86asm.CMOVAE},
		{x86asm.JE, x86asm.SETE, x86asm.CMOVE}, {x86asm.JNE, x86asm.SETNE, x86asm.CMOVNE},
		{x86asm.JBE, x86asm.SETBE, x86asm.CMOVBE}, {x86asm.JA, x86asm.SETA, x86asm.CMOVA},
		{x86asm.JS, x86asm.SETS, x86asm.CMOVS}, {x86asm.JNS, x86asm.SETNS, x86asm.CMOVNS},
		{x86asm.JP, x86asm.SETP, x86asm.CMOVP}, {x86asm.JNP, x86asm.SETNP, x86asm.CMOVNP},
		{x86asm.JL, x86asm.SETL, x86asm.CMOVL}, {x86asm.JGE, x86asm.SETGE, x86asm.CMOVGE},
		{x86asm.JLE, x86asm.SETLE, x86asm.CMOVLE}, {x86asm.JG, x86asm.SETG, x86asm.CMOVG},
	} {
		conditions[ops[0]], conditions[ops[1]], conditions[ops[2]] = tests[n], tests[n], tests[n]
		meanings[ops[0]], meanings[ops[1]], meanings[ops[2]] = jumpIf, setIf, moveIf
	}
}

// A conditional jump was decided by the flags before it; its target and the
// instruction pointer after it say the same, or the sentence is not told.
func jumpIf(s step) string {
	rel, ok := s.Op.Args[0].(x86asm.Rel)
	if !ok {
		return ""
	}
	target := disasm.BranchTarget(s.Op, rel, s.Next())
	holds, why := conditions[s.Op.Op](s.before.EFLAGS)
	return s.jump(target, holds, why)
}

func (s step) jump(target tracer.Addr, taken bool, why string) string {
	switch rip := tracer.Addr(s.after.RIP); {
	case taken && rip == target:
		return "Jumps to " + target.String() + ", because " + why + "."
	case !taken && rip == s.Next():
		return "Does not jump to " + target.String() + ", because " + why + "."
	}
	return ""
}

func setIf(s step) string {
	holds, why := conditions[s.Op.Op](s.before.EFLAGS)
	value := tracer.Word(0)
	if holds {
		value = 1
	}
	if m, ok := s.Op.Args[0].(x86asm.Mem); ok {
		return "The byte at " + s.where(m) + " becomes " + value.String() + ", because " + why + "."
	}
	r, ok := s.dest(0)
	if !ok || !s.has(r, value) {
		return ""
	}
	return s.becomes(r) + ", because " + why + "."
}

// A conditional move of 32 bits that moves nothing still clears the upper half.
func moveIf(s step) string {
	holds, why := conditions[s.Op.Op](s.before.EFLAGS)
	r, ok := s.dest(0)
	if !ok {
		return ""
	}
	if !holds {
		old, _ := s.was(r)
		if !s.has(r, old.word) {
			return ""
		}
		return s.upper("Nothing is moved, because "+why+"; "+disasm.RegName(r)+" is "+old.String(), old.small(), r)
	}
	from, known := s.known(1, s.bits(0))
	switch {
	case !s.has(r, s.is(r).word):
		return ""
	case s.isMemory(1):
		return s.becomes(r) + ", read from " + s.where(s.Op.Args[1].(x86asm.Mem)) + ", because " + why + "."
	case !known || s.is(r) != from:
		return ""
	}
	return s.becomes(r) + ", the value of " + s.place(1) + ", because " + why + "."
}

// oneFlag is for cld, std, clc, stc and cmc.
func oneFlag(name string, bit tracer.Word) func(step) string {
	return func(s step) string {
		want := map[x86asm.Op]tracer.Word{x86asm.STD: bit, x86asm.STC: bit, x86asm.CMC: ^s.before.EFLAGS & bit}[s.Op.Op]
		switch s.after.EFLAGS & bit {
		case want:
			return fmt.Sprintf("%s becomes %d.", name, min(want, 1))
		}
		return ""
	}
}
