package meaning

import (
	"fmt"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

func move(s step) string {
	if s.isMemory(0) {
		return s.store()
	}
	r, ok := s.Op.Args[0].(x86asm.Reg)
	if !ok {
		return ""
	}
	now, ok := valueOf(r, s.after)
	if !ok {
		return "" // a control or debug register
	}
	if _, general := s.dest(0); general && !s.has(r, now) {
		return ""
	}
	text := s.becomes(r)
	switch from := s.Op.Args[1].(type) {
	case x86asm.Mem:
		text += ", read from " + s.where(from)
	case x86asm.Imm:
		if !s.has(r, tracer.Word(from)) {
			return ""
		}
	case x86asm.Reg:
		was, ok := valueOf(from, s.before)
		switch {
		case ok && was == now:
			text += ", the value of " + disasm.RegName(from)
		case ok && cut(was, 16) == now: // a segment register has 16 bits
			text += ", the lower 16 bits of " + disasm.RegName(from)
		default:
			return ""
		}
	}
	if s.shadows() && tracer.Addr(s.after.RIP) != s.Next() {
		text += ". The processor takes no trap after this: the next instruction has run too"
	}
	return text + "."
}

// store is a move into memory.
func (s step) store() string {
	value, what := "", ""
	switch from := s.Op.Args[1].(type) {
	case x86asm.Imm:
		value = numberOf(tracer.Word(from), 8*s.Op.MemBytes).String()
	case x86asm.Reg:
		was, ok := valueOf(from, s.before)
		if !ok {
			return ""
		}
		value, what = was.Hex(), ", the value of "+disasm.RegName(from)
		if n, ok := s.was(from); ok {
			value = n.String()
		}
	}
	verb := " become "
	if s.Op.MemBytes == 1 {
		verb = " becomes "
	}
	return sentence(s.place(0) + verb + value + what + ".")
}

func address(s step) string {
	r, ok := s.dest(0)
	m, memory := s.Op.Args[1].(x86asm.Mem)
	if !ok || !memory {
		return ""
	}
	offset, ok := s.offset(m)
	if !ok || !s.has(r, offset) {
		return ""
	}
	how := "the address is computed"
	if _, bits, _, _ := disasm.Part(r); cut(offset, bits) != offset {
		how = fmt.Sprintf("the lower %d bits of the address %s", bits, offset.Hex())
	}
	return s.becomes(r) + ": " + how + ", and no memory is read."
}

func exchange(s step) string {
	first, ok1 := s.dest(0)
	second, ok2 := s.dest(1)
	old, _ := s.was(second)
	switch {
	case ok1 && ok2 && first == second:
		return ""
	case ok1 && ok2:
		if was, _ := s.was(first); !s.has(first, old.word) || !s.has(second, was.word) {
			return ""
		}
		return s.upper(s.gets(first)+" and "+s.gets(second)+": they change places", s.is(first).small() || s.is(second).small(), first, second)
	case ok2 && s.isMemory(0):
		return s.upper(s.gets(second)+", read from "+s.where(s.Op.Args[0].(x86asm.Mem))+"; its old value, "+old.String()+", goes there",
			s.is(second).small(), second)
	}
	return ""
}

// gets is becomes by the register's own name and in its own bits.
func (s step) gets(r x86asm.Reg) string { return disasm.RegName(r) + " becomes " + s.is(r).String() }

// exchangeAdd is xadd: the sum goes to the first operand, the old value of that to
// the second.
func exchangeAdd(s step) string {
	second, ok := s.dest(1)
	if !ok {
		return ""
	}
	added, _ := s.was(second)
	if s.isMemory(0) {
		where := s.where(s.Op.Args[0].(x86asm.Mem))
		return s.upper(fmt.Sprintf("%s, read from %s; its old value, %s, is added there", s.gets(second), where, added),
			s.is(second).small(), second)
	}
	first, _ := s.dest(0)
	old, _ := s.was(first)
	if first == second || !s.has(second, old.word) || !s.has(first, old.word+added.word) {
		return ""
	}
	texts, cut := equation(s.is(first), sum, old, added)
	return s.upper(fmt.Sprintf("%s becomes %s: %s + %s%s; %s becomes %s, the old value of %s", disasm.RegName(first), texts[0], texts[1], texts[2],
		onlyLow(cut, old.bits), disasm.RegName(second), texts[1], disasm.RegName(first)), s.is(first).small() || s.is(second).small(), first, second)
}

// compareExchange is cmpxchg with memory.
func compareExchange(s step) string {
	m, memory := s.Op.Args[0].(x86asm.Mem)
	source, ok := s.dest(1)
	if !memory || !ok {
		return ""
	}
	bits := s.bits(1)
	accumulator := accumulators[bits]
	old, _ := s.was(accumulator)
	if s.after.EFLAGS&zero != 0 {
		stored, _ := s.was(source)
		if s.is(accumulator) != old {
			return ""
		}
		verb := "equal"
		if bits == 8 {
			verb = "equals"
		}
		return s.upper(fmt.Sprintf("%s %s %s (%s), so ZF is set and %s, the value of %s, goes there", sentence(s.place(0)), verb,
			disasm.RegName(accumulator), old, stored, disasm.RegName(source)), false, accumulator)
	}
	if s.is(accumulator) == old {
		return ""
	}
	return s.upper(fmt.Sprintf("%s, read from %s: it is not %s, so ZF is clear and nothing is stored", s.gets(accumulator), s.where(m), old),
		s.is(accumulator).small(), accumulator)
}

// accumulators are the parts of rax by their bits.
var accumulators = map[int]x86asm.Reg{8: x86asm.AL, 16: x86asm.AX, 32: x86asm.EAX, 64: x86asm.RAX}

// sentence begins with a capital letter, but for the name of a register.
func sentence(text string) string {
	if len(text) > 4 && text[:4] == "the " {
		return "T" + text[1:]
	}
	return text
}
