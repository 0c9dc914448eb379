package meaning

import (
	"fmt"
	"math/bits"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

// logic tells of and, or and xor.
func logic(word, verb string, do func(a, b tracer.Word) tracer.Word) func(step) string {
	return func(s step) string {
		right, known := s.known(1, s.bits(0))
		if s.isMemory(0) {
			if !known {
				return ""
			}
			return mask10(right) + " " + verb + " " + s.place(0) + "."
		}
		r, ok := s.dest(0)
		if !ok {
			return ""
		}
		left, _ := s.was(r)
		switch {
		case !known:
			return s.upper(fmt.Sprintf("%s becomes %s: %s %s %s", disasm.RegName(r), s.is(r).bitwise(), left.bitwise(), word, s.place(1)), false, r)
		case !s.has(r, do(left.word, right.word)):
			return ""
		case word == "xor" && s.Op.Args[1] == x86asm.Arg(r):
			return s.becomes(r) + ": anything xor itself is 0."
		}
		return s.upper(fmt.Sprintf("%s becomes %s: %s %s %s", disasm.RegName(r), s.is(r).bitwise(), left.bitwise(), word, mask10(right)), false, r)
	}
}

// mask10 spells a mask: with its sign where it is small, as and takes -16.
func mask10(n number) string {
	if n.small() {
		return n.signed()
	}
	return n.bitwise()
}

func turnOver(s step) string {
	if s.isMemory(0) {
		return fmt.Sprintf("The number in %s is stored back, with every bit turned over.", s.place(0))
	}
	r, ok := s.dest(0)
	old, _ := s.was(r)
	if !ok || !s.has(r, ^old.word) {
		return ""
	}
	return s.upper(fmt.Sprintf("%s becomes %s: %s with every bit turned over", disasm.RegName(r), s.is(r).bitwise(), old.bitwise()), false, r)
}

// A shifter moves the bits of a number by some places.
type shifter func(n number, by int) tracer.Word

func left(n number, by int) tracer.Word        { return n.word << by }
func right(n number, by int) tracer.Word       { return n.word >> by }
func rightSigned(n number, by int) tracer.Word { return tracer.Word(n.int64() >> by) }

func rotateLeft(n number, by int) tracer.Word {
	by %= n.bits
	return n.word<<by | n.word>>(n.bits-by)
}

func rotateRight(n number, by int) tracer.Word { return rotateLeft(n, n.bits-by%n.bits) }

// shift tells by how many bits, where the operand itself is shifted, and where
// BMI puts the result elsewhere. The processor uses the low 5 bits of the count,
// or the low 6 for an operand of 64 bits.
func shift(how string, do shifter) func(step) string {
	return func(s step) string {
		from := s.count() - 2
		size := s.bits(0)
		count, ok := s.known(from+1, 8)
		if from < 0 || !ok || size == 0 {
			return ""
		}
		by := int(count.word) & 31
		if size == 64 {
			by = int(count.word) & 63
		}
		text := fmt.Sprintf(" %s by %d bits", how, by)
		if by == 1 {
			text = " " + how + " by 1 bit"
		}
		if s.isMemory(0) {
			return "The number in " + s.place(0) + " is" + text + "."
		}
		r, ok := s.dest(0)
		if !ok {
			return ""
		}
		old, known := s.known(from, size)
		if known && !s.has(r, do(old, by)) {
			return ""
		}
		spell := number.bitwise
		if how == withSign {
			spell = number.signed
		}
		what := s.place(from)
		if known {
			what = spell(old)
		}
		now := spell(s.is(r))
		return s.upper(disasm.RegName(r)+" becomes "+now+": "+what+text, now[0] == '-', r)
	}
}

const withSign = "shifted right with its sign"

func testBits(s step) string {
	left, known1 := s.known(0, s.bits(0))
	right, known2 := s.known(1, s.bits(0))
	none := s.after.EFLAGS&zero != 0
	if known1 && known2 && (left.word&right.word == 0) != none {
		return ""
	}
	switch same := s.Op.Args[0] == s.Op.Args[1]; {
	case same && none:
		return fmt.Sprintf("Tests %s: it is 0, so ZF is set.", s.place(0))
	case same:
		return fmt.Sprintf("Tests %s: it is not 0, so ZF is clear.", s.seen(0, number.String))
	case none:
		return fmt.Sprintf("Tests the bits of %s by %s: none is set in both, so ZF is set.", s.seen(0, number.bitwise), s.seen(1, mask10))
	}
	return fmt.Sprintf("Tests the bits of %s by %s: some are set in both, so ZF is clear.", s.seen(0, number.bitwise), s.seen(1, mask10))
}

// oneBit tells of bt, bts, btr and btc with a register.
func oneBit(how string, do func(w, bit tracer.Word) tracer.Word) func(step) string {
	return func(s step) string {
		r, ok := s.dest(0)
		index, known := s.known(1, s.bits(0))
		if !ok || !known {
			return ""
		}
		old, _ := s.was(r)
		n := index.word & tracer.Word(old.bits-1)
		set := old.word >> n & 1
		if !s.has(r, do(old.word, 1<<n)) && how != "" || s.after.EFLAGS&carry != set {
			return ""
		}
		flag := fmt.Sprintf("%d, so CF is %s", set, setOrClear(set))
		if how == "" {
			return fmt.Sprintf("Bit %d of %s (%s) is %s.", n, disasm.RegName(r), old.bitwise(), flag)
		}
		return s.upper(fmt.Sprintf("%s becomes %s: %s with bit %d %s; it was %s", disasm.RegName(r), s.is(r).bitwise(), old.bitwise(), n, how, flag), false, r)
	}
}

// counted tells of popcnt, lzcnt, tzcnt, bsf and bsr with a register. Of 0 bsf and
// bsr find no place, and leave what was there: do is negative then.
func counted(how string, do func(n number) int) func(step) string {
	return func(s step) string {
		r, ok := s.dest(0)
		from, known := s.known(1, s.bits(1))
		if !ok || !known || do(from) < 0 || !s.has(r, tracer.Word(do(from))) {
			return ""
		}
		return s.upper(fmt.Sprintf("%s becomes %s: %s in %s", disasm.RegName(r), s.is(r), how, from.bitwise()), false, r)
	}
}

func ones(n number) int { return bits.OnesCount64(uint64(n.word)) }

func zerosAbove(n number) int { return bits.LeadingZeros64(uint64(n.word)) - (64 - n.bits) }

func zerosBelow(n number) int { return min(bits.TrailingZeros64(uint64(n.word)), n.bits) }

// lowest and highest are -1 of 0.
func lowest(n number) int {
	if n.word == 0 {
		return -1
	}
	return bits.TrailingZeros64(uint64(n.word))
}

func highest(n number) int { return bits.Len64(uint64(n.word)) - 1 }
