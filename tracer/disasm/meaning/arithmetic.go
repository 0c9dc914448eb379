package meaning

import (
	"fmt"
	"math/big"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

// onlyLow says that an equation is true of the low bits alone.
func onlyLow(cut bool, bits int) string {
	if cut {
		return fmt.Sprintf(", cut to %d bits", bits)
	}
	return ""
}

// made tells of a result in a general register, made from terms: "rax becomes 7:
// 3 + 4". Format has a verb for each term. A result that is another than the terms
// make is not told.
func (s step) made(r x86asm.Reg, format string, how func([]*big.Int) *big.Int, terms ...number) string {
	result := s.is(r)
	var values []*big.Int
	for _, t := range terms {
		values = append(values, t.value(false))
	}
	if !s.has(r, low(how(values))) {
		return ""
	}
	texts, cut := equation(result, how, terms...)
	var args []any
	for _, text := range texts[1:] {
		args = append(args, text)
	}
	return s.upper(disasm.RegName(r)+" becomes "+texts[0]+": "+fmt.Sprintf(format, args...)+onlyLow(cut, result.bits), texts[0][0] == '-', r)
}

// low is a number modulo 2 to the 64.
func low(v *big.Int) tracer.Word {
	mask := new(big.Int).SetUint64(^uint64(0))
	return tracer.Word(mask.And(mask, v).Uint64())
}

// arithmetic tells of add and sub: a result in operand 0, made from both.
func arithmetic(sign, verb string, how, undo func([]*big.Int) *big.Int) func(step) string {
	return func(s step) string {
		size := s.bits(0)
		right, known := s.known(1, size)
		if s.isMemory(0) {
			if !known {
				return ""
			}
			return right.String() + " " + verb + " " + s.place(0) + "."
		}
		r, ok := s.dest(0)
		if !ok {
			return ""
		}
		left, _ := s.was(r)
		if known {
			return s.made(r, "%s "+sign+" %s", how, left, right)
		}
		// The term in memory follows from the result. It is not printed, since nobody
		// has read it, but the equation has to hold with it.
		right = numberOf(low(undo([]*big.Int{s.is(r).value(false), left.value(false)})), size)
		const unprinted = "%.0s"
		return s.made(r, "%s "+sign+" "+unprinted+s.place(1), how, left, right)
	}
}

// added and subtracted are the term that made a result from another term.
func added(t []*big.Int) *big.Int      { return difference(t) }
func subtracted(t []*big.Int) *big.Int { return difference([]*big.Int{t[1], t[0]}) }

// withCarry tells of adc and sbb between registers.
func withCarry(sign string, how func([]*big.Int) *big.Int) func(step) string {
	return func(s step) string {
		r, ok := s.dest(0)
		right, known := s.known(1, s.bits(0))
		if !ok || !known {
			return ""
		}
		left, _ := s.was(r)
		flag := numberOf(s.before.EFLAGS&carry, left.bits)
		return s.made(r, "%s "+sign+" %s "+sign+" %s, the carry flag", how, left, right, flag)
	}
}

func byOne(sign, way string, how func([]*big.Int) *big.Int) func(step) string {
	return func(s step) string {
		if s.isMemory(0) {
			return fmt.Sprintf("The number in %s goes %s by 1.", s.place(0), way)
		}
		r, ok := s.dest(0)
		if !ok {
			return ""
		}
		old, _ := s.was(r)
		return s.made(r, "%s "+sign+" %s", how, old, numberOf(1, old.bits))
	}
}

func negate(s step) string {
	if s.isMemory(0) {
		return fmt.Sprintf("The number in %s is stored back, negated.", s.place(0))
	}
	r, ok := s.dest(0)
	if !ok {
		return ""
	}
	old, _ := s.was(r)
	if old.negative() != s.is(r).negative() || old.word == 0 {
		if !s.has(r, -old.word) {
			return ""
		}
		return s.upper(disasm.RegName(r)+" becomes "+s.is(r).signed()+": "+old.signed()+" negated", s.is(r).negative(), r)
	}
	return s.made(r, "%s negated", negation, old) // the smallest number stays
}

func compare(s step) string {
	left, known1 := s.known(0, s.bits(0))
	right, known2 := s.known(1, s.bits(0))
	equal := s.after.EFLAGS&zero != 0
	if known1 && known2 && (left.word == right.word) != equal {
		return ""
	}
	result := "they differ, so ZF is clear"
	if equal {
		result = "they are equal, so ZF is set"
	}
	return fmt.Sprintf("Compares %s with %s: %s.", s.seen(0, number.String), s.seen(1, number.String), result)
}
