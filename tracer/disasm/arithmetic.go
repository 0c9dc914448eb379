package disasm

import (
	"fmt"
	"strconv"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
)

// arithmetic tells of a result in operand 0, made from both operands.
func arithmetic(sign, verb string) func(step) string {
	bitwise := sign == "and" || sign == "or" || sign == "xor"
	return func(s step) string {
		bits := s.bits(0)
		if s.isMemory(0) {
			value, ok := s.known(1, bits)
			if !ok {
				return ""
			}
			if bitwise {
				value = inHex(value)
			}
			return value + " " + verb + " " + s.place(0) + "."
		}
		r, ok := s.dest(0)
		if !ok {
			return ""
		}
		left, _ := s.known(0, bits)
		right, ok := s.known(1, bits)
		if !ok {
			right = s.place(1)
		}
		if bitwise {
			left, right = inHex(left), inHex(right)
		}
		return s.becomes(r) + ": " + left + " " + sign + " " + right + "."
	}
}

// inHex spells a number of two digits and more in hexadecimal, in which its
// bits can be seen. A negative number stays.
func inHex(text string) string {
	if n, err := strconv.ParseUint(text, 10, 64); err == nil && n > 9 {
		return tracer.Word(n).Hex()
	}
	return text
}

func xor(s step) string {
	if r, ok := s.dest(0); ok && s.op.Args[1] == x86asm.Arg(r) {
		return s.becomes(r) + ": anything xor itself is 0."
	}
	return arithmetic("xor", "is xor-ed into")(s)
}

func byOne(sign, way string) func(step) string {
	return func(s step) string {
		if s.isMemory(0) {
			return fmt.Sprintf("The number in %s goes %s by 1.", s.place(0), way)
		}
		r, ok := s.dest(0)
		if !ok {
			return ""
		}
		old, _ := s.known(0, 64)
		return s.becomes(r) + ": " + old + " " + sign + "."
	}
}

func alone(how string) func(step) string {
	return func(s step) string {
		if s.isMemory(0) {
			return fmt.Sprintf("The number in %s is stored back, %s.", s.place(0), how)
		}
		r, ok := s.dest(0)
		if !ok {
			return ""
		}
		old, _ := s.known(0, 64)
		return s.becomes(r) + ": " + old + " " + how + "."
	}
}

// shift tells by how many bits. The processor uses the low 5 bits of the
// count, or the low 6 for an operand of 64 bits.
func shift(how string) func(step) string {
	return func(s step) string {
		mask := 31
		if s.bits(0) == 64 {
			mask = 63
		}
		count := 0
		switch a := s.op.Args[1].(type) {
		case x86asm.Imm:
			count = int(a) & mask
		case x86asm.Reg:
			w, _ := valueOf(a, s.before)
			count = int(w) & mask
		default:
			return ""
		}
		by := fmt.Sprintf("%s by %d bits.", how, count)
		if count == 1 {
			by = how + " by 1 bit."
		}
		if s.isMemory(0) {
			return fmt.Sprintf("The number in %s is %s", s.place(0), by)
		}
		r, ok := s.dest(0)
		if !ok {
			return ""
		}
		old, _ := s.known(0, 64)
		return s.becomes(r) + ": " + old + " " + by
	}
}

// halves are the two registers that hold a product or a dividend.
func (s step) halves() (low, high x86asm.Reg, ok bool) {
	switch s.bits(0) {
	case 64:
		return x86asm.RAX, x86asm.RDX, true
	case 32:
		return x86asm.EAX, x86asm.EDX, true
	}
	return 0, 0, false
}

func multiply(s step) string {
	n := 0
	for n < len(s.op.Args) && s.op.Args[n] != nil {
		n++
	}
	if n == 1 {
		low, high, ok := s.halves()
		if !ok {
			return ""
		}
		old, _ := valueOf(low, s.before)
		return fmt.Sprintf("%s and %s: together %s (%s) times %s.", s.becomes(low), s.becomes(high), regName(low), old, s.seen(0))
	}
	r, ok := s.dest(0)
	if !ok {
		return ""
	}
	// Two operands: the first times the second. Three: the second times the third.
	left, right := n-2, n-1
	var factors [2]string
	for k, arg := range []int{left, right} {
		value, ok := s.known(arg, s.bits(0))
		if !ok {
			value = s.place(arg)
		}
		factors[k] = value
	}
	return s.becomes(r) + ": " + factors[0] + " * " + factors[1] + "."
}

func divide(s step) string {
	low, high, ok := s.halves()
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s, the quotient, and %s, the remainder, of a division by %s.", s.becomes(low), s.becomes(high), s.seen(0))
}

func compare(s step) string {
	result := "they differ, so ZF is clear"
	if s.after.EFLAGS&zero != 0 {
		result = "they are equal, so ZF is set"
	}
	return fmt.Sprintf("Compares %s with %s: %s.", s.seen(0), s.seen(1), result)
}

func testBits(s step) string {
	is := s.after.EFLAGS&zero != 0
	if s.op.Args[0] == s.op.Args[1] {
		if is {
			return fmt.Sprintf("Tests %s: it is 0, so ZF is set.", s.place(0))
		}
		return fmt.Sprintf("Tests %s: it is not 0, so ZF is clear.", s.seen(0))
	}
	if is {
		return fmt.Sprintf("Tests the bits of %s by %s: none is set in both, so ZF is set.", s.seen(0), inHex(s.seen(1)))
	}
	return fmt.Sprintf("Tests the bits of %s by %s: some are set in both, so ZF is clear.", s.seen(0), inHex(s.seen(1)))
}
