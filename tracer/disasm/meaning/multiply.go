package meaning

import (
	"fmt"
	"math/big"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

// pair are the registers that hold a product or a dividend of two halves, and
// their common name: edx:eax. Of two bytes both are in ax.
type pair struct {
	high, low x86asm.Reg
	name      string
}

var pairs = map[int]pair{
	8:  {x86asm.AH, x86asm.AL, "ax"},
	16: {x86asm.DX, x86asm.AX, "dx:ax"},
	32: {x86asm.EDX, x86asm.EAX, "edx:eax"},
	64: {x86asm.RDX, x86asm.RAX, "rdx:rax"},
}

// in is the number in both halves.
func (p pair) in(regs tracer.Regs, signed bool) *big.Int {
	high, _ := registerNumber(p.high, regs)
	low, _ := registerNumber(p.low, regs)
	return double(high, low, signed)
}

// sense names what mul and div, or imul and idiv, take numbers for.
func sense(signed bool) (word string, spell func(number) string) {
	if signed {
		return "signed", number.signed
	}
	return "unsigned", number.unsigned
}

// multiply tells of mul, and of imul with one operand.
func multiply(signed bool) func(step) string {
	return func(s step) string {
		if s.count() != 1 {
			return multiplyInto(s)
		}
		p, ok := pairs[s.bits(0)]
		if !ok {
			return ""
		}
		word, spell := sense(signed)
		left, _ := s.was(p.low)
		result := p.in(s.after, signed)
		if right, known := s.known(0, left.bits); known &&
			product([]*big.Int{left.value(signed), right.value(signed)}).Cmp(result) != 0 {
			return ""
		}
		becomes := p.name + " becomes " + spelled(result) + ": " + disasm.RegName(p.low)
		times := " times " + s.seen(0, spell) + ", " + word
		return fits(s.upper(becomes+" ("+spell(left)+")"+times, false, p.low, p.high), s.upper(becomes+times, false, p.low, p.high))
	}
}

// fits is the first of some texts that is short enough.
func fits(texts ...string) string {
	for _, text := range texts {
		if len(text) <= maxSentence {
			return text
		}
	}
	return ""
}

// multiplyInto tells of imul with two operands, the first times the second, and
// with three, the second times the third.
func multiplyInto(s step) string {
	r, ok := s.dest(0)
	n := s.count()
	if !ok || n > 3 {
		return ""
	}
	left, known1 := s.known(n-2, s.bits(0))
	right, known2 := s.known(n-1, s.bits(0))
	if known1 && known2 {
		return s.made(r, "%s * %s", product, left, right)
	}
	if !known1 { // memory: the product is told, and OF says whether it was cut
		left, right = right, left
	}
	factors := []string{s.place(n - 2), left.signed()}
	if known1 {
		factors = []string{left.signed(), s.place(n - 1)}
	}
	now := s.is(r)
	return s.upper(fmt.Sprintf("%s becomes %s: %s * %s%s", disasm.RegName(r), now.signed(), factors[0], factors[1], onlyLow(s.after.EFLAGS&overflow != 0, now.bits)),
		now.negative(), r)
}

// divide tells of div and idiv.
func divide(signed bool) func(step) string {
	return func(s step) string {
		p, ok := pairs[s.bits(0)]
		if !ok {
			return ""
		}
		word, spell := sense(signed)
		dividend := p.in(s.before, signed)
		quotient, remainder := s.is(p.low), s.is(p.high)
		if by, known := s.known(0, s.bits(0)); known {
			if by.word == 0 {
				return ""
			}
			q, r := new(big.Int).QuoRem(dividend, by.value(signed), new(big.Int))
			if q.Cmp(quotient.value(signed)) != 0 || r.Cmp(remainder.value(signed)) != 0 {
				return ""
			}
		}
		both := func(low, high x86asm.Reg, spell func(number) string) string {
			return fmt.Sprintf("%s becomes %s and %s %s, quotient and remainder of %s", disasm.RegName(low), spell(s.is(low)), disasm.RegName(high), spell(s.is(high)), p.name)
		}
		by := " by " + s.seen(0, spell) + ", " + word
		results := both(p.low, p.high, spell)
		return fits(s.upper(results+" ("+spelled(dividend)+")"+by, signed, p.low, p.high), s.upper(results+by, signed, p.low, p.high),
			both(s.whole(p.low), s.whole(p.high), number.unsigned)+by+".")
	}
}
