package meaning

import (
	"fmt"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

// moved is by how much the stack pointer went down.
func (s step) moved() int64 { return int64(s.before.RSP - s.after.RSP) }

func (s step) down() string { return fmt.Sprintf("The stack pointer goes down by %d", s.moved()) }
func (s step) up() string   { return fmt.Sprintf("the stack pointer goes up by %d", -s.moved()) }

// slot says whether so many bytes are what one push or pop moves.
func (s step) slot(bytes int64) bool {
	if s.Op.DataSize == 16 {
		return bytes == 2
	}
	return bytes == int64(s.Op.Mode/8)
}

func push(s step) string {
	if !s.slot(s.moved()) {
		return ""
	}
	switch a := s.Op.Args[0].(type) {
	case x86asm.Imm:
		return s.down() + " and " + numberOf(tracer.Word(a), int(8*s.moved())).String() + " is stored there."
	case x86asm.Reg:
		if n, ok := s.was(a); ok {
			return s.down() + " and " + n.String() + ", the value of " + disasm.RegName(a) + ", is stored there."
		}
		if w, ok := valueOf(a, s.before); ok {
			// Of the rest of the slot processors make zeros, or leave it.
			return s.down() + " and the 16 bits of " + disasm.RegName(a) + ", " + w.Hex() + ", are stored there."
		}
	case x86asm.Mem:
		return fmt.Sprintf("%s and %s are copied there.", s.down(), bytesAt(int(s.moved()), s.where(a)))
	}
	return ""
}

func pop(s step) string {
	r, ok := s.Op.Args[0].(x86asm.Reg)
	if number, _, _, _ := disasm.Part(r); !ok || number == 4 || s.shadows() || !s.slot(-s.moved()) {
		return "" // of rsp itself nothing is left to tell by
	}
	return s.becomes(r) + ", taken from the stack; " + s.up() + "."
}

func leave(s step) string {
	sp, bp := x86asm.Reg(x86asm.RSP), x86asm.Reg(x86asm.RBP)
	if s.Op.Mode == 32 {
		sp, bp = x86asm.ESP, x86asm.EBP
	}
	old, _ := s.was(bp)
	if s.Op.DataSize == 16 || !s.has(sp, old.word+tracer.Word(old.bits/8)) {
		return ""
	}
	return s.becomes(sp) + ", just above where " + disasm.RegName(bp) + " pointed, and " + s.becomes(bp) + ", read from there."
}

// The flags on the stack need not be those of before: while it is stepped, the
// processor stores TF with them.
func pushFlags(s step) string {
	if !s.slot(s.moved()) {
		return ""
	}
	return s.down() + " and the flags are stored there."
}

func popFlags(s step) string {
	if !s.slot(-s.moved()) || s.moved() == -2 {
		return "" // popf of 16 bits leaves the others
	}
	return "The flags become " + s.after.EFLAGS.Hex() + ", taken from the stack; " + s.up() + "."
}
