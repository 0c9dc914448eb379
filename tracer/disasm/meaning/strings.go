package meaning

import (
	"fmt"
	"strings"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

// repeats says whether a rep prefix stands before the string instruction.
func (s step) repeats() bool {
	for _, p := range s.Op.Prefix {
		if p &= 0xff; p == 0xf2 || p == 0xf3 {
			return true
		}
	}
	return false
}

// items is how many items this step moved. Each round of rep is one step for a
// tracer; the counter says so.
func (s step) items() uint64 {
	if !s.repeats() {
		return 1
	}
	_, was := s.counter(s.before)
	_, is := s.counter(s.after)
	if is > was {
		return 0 // it does not count up
	}
	return uint64(was - is)
}

func (s step) remain() string {
	if !s.repeats() {
		return "."
	}
	name, left := s.counter(s.after)
	if left == 1 {
		return "; 1 remains in " + name + "."
	}
	return fmt.Sprintf("; %s remain in %s.", left, name)
}

func (s step) amount(n uint64) string {
	size, _ := disasm.StringOp(s.Op.Op)
	if n *= uint64(size); n == 1 {
		return "One byte"
	}
	return fmt.Sprintf("%d bytes", n)
}

// noRounds is the sentence where the counter was 0 from the start.
func (s step) noRounds() string {
	name, was := s.counter(s.before)
	if was != 0 || len(s.after.Changed(s.before)) > 1 {
		return ""
	}
	return name + " is 0, so nothing happens."
}

// advanced says whether the pointers that the instruction uses went on by n items,
// back where DF is set, and whether their segments begin at 0.
func (s step) advanced(n uint64, source, dest bool) bool {
	size, _ := disasm.StringOp(s.Op.Op)
	by := tracer.Word(n) * tracer.Word(size)
	if s.before.EFLAGS&direction != 0 {
		by = -by
	}
	went := func(was, is tracer.Word) bool { return cut(was+by-is, s.Op.AddrSize) == 0 }
	from := x86asm.Reg(x86asm.DS)
	for _, p := range s.Op.Prefix {
		if r, ok := disasm.SegmentPrefixes[byte(p)]; ok {
			from = r
		}
	}
	return (!source || s.flat(from) && went(s.before.RSI, s.after.RSI)) &&
		(!dest || s.flat(x86asm.ES) && went(s.before.RDI, s.after.RDI))
}

// span says where n items lie whose first is at a pointer. With DF set the first
// has the highest address, and more than one are not told.
func (s step) span(n uint64) bool { return n == 1 || s.before.EFLAGS&direction == 0 }

func storeString(s step) string {
	size, _ := disasm.StringOp(s.Op.Op)
	value := cut(s.before.RAX, 8*size).Hex()
	to := s.pointer(s.before.RDI)
	switch n := s.items(); {
	case n == 0:
		return s.noRounds()
	case !s.advanced(n, false, true) || !s.span(n):
		return ""
	case n == 1:
		verb := "go"
		if size == 1 {
			verb = "goes"
		}
		return fmt.Sprintf("%s, %s, %s to %s%s", s.amount(1), value, verb, to, s.remain())
	default:
		return fmt.Sprintf("%s, each %d %s, go to %s%s", s.amount(n), size, value, to, s.remain())
	}
}

func copyString(s step) string {
	n := s.items()
	switch {
	case n == 0:
		return s.noRounds()
	case !s.advanced(n, true, true) || !s.span(n):
		return ""
	}
	verb := "are"
	if s.amount(n) == "One byte" {
		verb = "is"
	}
	return fmt.Sprintf("%s %s copied from %s to %s%s", s.amount(n), verb, s.pointer(s.before.RSI), s.pointer(s.before.RDI), s.remain())
}

func loadString(s step) string {
	size, _ := disasm.StringOp(s.Op.Op)
	r := accumulators[8*size]
	if s.repeats() || !s.advanced(1, true, false) || !s.has(r, s.is(r).word) {
		return ""
	}
	return s.becomes(r) + ", read from " + s.pointer(s.before.RSI).String() + "."
}

// scan tells of scas and cmps.
func scan(s step) string {
	n := s.items()
	size, kind := disasm.StringOp(s.Op.Op)
	switch {
	case n == 0:
		return s.noRounds()
	case n != 1 || !s.advanced(1, kind == "cmps", true):
		return ""
	}
	equal := s.after.EFLAGS&zero != 0
	if tracer.Addr(s.after.RIP) == s.Addr {
		// The flags stay until the last round. It goes on, so that this was no reason
		// to end: repe goes on while items are equal, repne while they differ.
		equal = strings.HasPrefix(s.Text, "repe ")
	}
	result := "they differ"
	if equal {
		result = "they are equal"
	}
	at := func(w tracer.Word) string { return bytesAt(size, s.pointer(w).String()) }
	left := cut(s.before.RAX, 8*size).Hex()
	if kind == "cmps" {
		left = at(s.before.RSI)
	}
	return fmt.Sprintf("Compares %s with %s: %s%s", left, at(s.before.RDI), result, s.remain())
}
