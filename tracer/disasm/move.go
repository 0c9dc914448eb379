package disasm

import (
	"fmt"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
)

func move(s step) string {
	if s.isMemory(0) {
		source, ok := s.known(1, 8*s.op.MemBytes)
		if !ok {
			return ""
		}
		if _, ok := s.op.Args[1].(x86asm.Reg); ok {
			source += ", the value of " + s.place(1)
		}
		return sentence(s.place(0) + " become" + plural(s.op.MemBytes) + " " + source + ".")
	}
	r, ok := s.op.Args[0].(x86asm.Reg)
	if !ok {
		return ""
	}
	if _, ok := valueOf(r, s.after); !ok {
		return "" // a control or debug register
	}
	text := s.becomes(r)
	switch {
	case s.shadows():
		if tracer.Addr(s.after.RIP) == s.Next() {
			return text + "."
		}
		return text + ". The processor takes no trap after this: the next instruction has run too."
	case s.isMemory(1):
		return text + ", read from " + s.where(s.op.Args[1].(x86asm.Mem)) + "."
	}
	if _, ok := s.op.Args[1].(x86asm.Imm); ok {
		return text + "."
	}
	return text + ", the value of " + s.place(1) + "."
}

func plural(bytes int) string {
	if bytes == 1 {
		return "s"
	}
	return ""
}

func widen(how string) func(step) string {
	return func(s step) string {
		r, ok := s.dest(0)
		if !ok {
			return ""
		}
		return s.becomes(r) + ": " + s.place(1) + ", " + how + "."
	}
}

func widenRAX(s step) string {
	from, to := x86asm.Reg(x86asm.EAX), x86asm.Reg(x86asm.RAX)
	if s.op.Op == x86asm.CWDE {
		from, to = x86asm.AX, x86asm.EAX
	}
	return s.becomes(to) + ": " + regName(from) + ", sign-extended."
}

func spreadSign(s step) string {
	from, to := x86asm.Reg(x86asm.EAX), x86asm.Reg(x86asm.EDX)
	if s.op.Op == x86asm.CQO {
		from, to = x86asm.RAX, x86asm.RDX
	}
	return s.becomes(to) + ": every bit is the sign of " + regName(from) + "."
}

func address(s step) string {
	r, ok := s.dest(0)
	if !ok {
		return ""
	}
	return s.becomes(r) + ": the address is computed, and no memory is read."
}

func exchange(s step) string {
	first, ok1 := s.dest(0)
	second, ok2 := s.dest(1)
	switch {
	case ok1 && ok2 && first == second:
		return s.general()
	case ok1 && ok2:
		return s.becomes(first) + " and " + s.becomes(second) + ": they change places."
	case ok2 && s.isMemory(0):
		old, _ := s.known(1, 64)
		return s.becomes(second) + ", read from " + s.where(s.op.Args[0].(x86asm.Mem)) + "; its old value, " + old + ", goes there."
	}
	return ""
}

// moved is by how much the stack pointer went down.
func (s step) moved() int64 { return int64(s.before.RSP - s.after.RSP) }

func (s step) down() string { return fmt.Sprintf("The stack pointer goes down by %d", s.moved()) }
func (s step) up() string   { return fmt.Sprintf("the stack pointer goes up by %d", -s.moved()) }

func push(s step) string {
	if s.moved() <= 0 {
		return ""
	}
	switch a := s.op.Args[0].(type) {
	case x86asm.Imm:
		return s.down() + " and " + tracer.Word(int64(a)).String() + " is stored there."
	case x86asm.Reg:
		value, ok := s.known(0, 64)
		if !ok {
			return ""
		}
		return s.down() + " and " + value + ", the value of " + regName(a) + ", is stored there."
	case x86asm.Mem:
		return fmt.Sprintf("%s and %s are copied there.", s.down(), bytesAt(int(s.moved()), s.where(a)))
	}
	return ""
}

func pop(s step) string {
	if r, ok := s.op.Args[0].(x86asm.Reg); ok && r != x86asm.RSP && r != x86asm.ESP && !s.shadows() && s.moved() < 0 {
		return s.becomes(r) + ", taken from the stack; " + s.up() + "."
	}
	return ""
}

func leave(s step) string {
	if s.op.DataSize == 16 {
		return ""
	}
	sp, bp := x86asm.Reg(x86asm.RSP), x86asm.Reg(x86asm.RBP)
	if s.op.Mode == 32 {
		sp, bp = x86asm.ESP, x86asm.EBP
	}
	return s.becomes(sp) + ", just above where " + regName(bp) + " pointed, and " + s.becomes(bp) + ", read from there."
}

// The flags on the stack need not be those of before: while it is stepped, the
// processor stores TF with them.
func pushFlags(s step) string {
	if s.moved() <= 0 {
		return ""
	}
	return s.down() + " and the flags are stored there."
}

func popFlags(s step) string {
	if s.moved() >= 0 {
		return ""
	}
	return "The flags become " + s.after.EFLAGS.Hex() + ", taken from the stack; " + s.up() + "."
}

// vector tells of the moves that copy whole vector registers. Their values are
// not in user_regs_struct.
func vector(s step) string {
	to, from := s.op.Args[0], s.op.Args[1]
	if s.op.Args[2] != nil || to == nil || from == nil {
		return ""
	}
	if m, ok := to.(x86asm.Mem); ok {
		return fmt.Sprintf("%s become those of %s.", sentence(bytesAt(s.op.MemBytes, s.where(m))), s.place(1))
	}
	if m, ok := from.(x86asm.Mem); ok {
		return fmt.Sprintf("%s gets %s.", s.place(0), bytesAt(s.op.MemBytes, s.where(m)))
	}
	return fmt.Sprintf("%s gets the value of %s.", s.place(0), s.place(1))
}
