package block

import (
	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/x86"
)

// memory is what a branch reads and writes: the tracee's, with the rights that
// the program has itself.
type memory interface {
	read(a tracer.Addr, size int) (uint64, bool)
	write(a tracer.Addr, size int, w uint64) bool
}

// highest is the end of the addresses that a program can have.
const highest = 1<<47 - x86.PageSize

// emulateBranch carries out a branch that lies at a: it changes rip, rsp and rcx in the
// registers, and pushes the return address of a call. It says false where the
// processor has to do it, and then has changed nothing.
func emulateBranch(regs *tracer.Regs, op x86asm.Inst, a tracer.Addr, mem memory) bool {
	word := 8
	if op.Mode == 32 {
		word = 4
	}
	cut := func(w tracer.Word) tracer.Word {
		if word == 4 {
			return w & 0xffffffff
		}
		return w
	}
	next := cut(tracer.Word(a) + tracer.Word(op.Len))
	rsp, rcx, rip := cut(regs.RSP), regs.RCX, next
	switch op.Op {
	case x86asm.RET:
		w, ok := mem.read(tracer.Addr(rsp), word)
		if !ok {
			return false
		}
		rip, rsp = tracer.Word(w), rsp+tracer.Word(word)
		if n, ok := op.Args[0].(x86asm.Imm); ok {
			rsp += tracer.Word(n) & 0xffff
		}
	case x86asm.JMP, x86asm.CALL:
		target, ok := target(regs, op, next, word, mem)
		if !ok {
			return false
		}
		rip = cut(target)
		if op.Op == x86asm.CALL {
			rsp -= tracer.Word(word)
			if rip >= highest || !mem.write(tracer.Addr(cut(rsp)), word, uint64(next)) {
				return false
			}
		}
	case x86asm.LOOP, x86asm.LOOPE, x86asm.LOOPNE:
		rcx = cut(rcx - 1)
		z := regs.EFLAGS&x86.ZF != 0
		if rcx != 0 && (op.Op == x86asm.LOOP || z == (op.Op == x86asm.LOOPE)) {
			rip = jump(op, next)
		}
	case x86asm.JCXZ, x86asm.JECXZ, x86asm.JRCXZ:
		if cut(rcx) == 0 {
			rip = jump(op, next)
		}
	default:
		if holds(op.Op, regs.EFLAGS) {
			rip = jump(op, next)
		}
	}
	if rip = cut(rip); rip >= highest {
		return false // the processor faults, or the kernel answers there: vsyscall
	}
	regs.RIP, regs.RSP, regs.RCX = rip, cut(rsp), rcx
	return true
}

func jump(op x86asm.Inst, next tracer.Word) tracer.Word {
	rel, _ := op.Args[0].(x86asm.Rel)
	return next + tracer.Word(int64(rel))
}

// target is where a jmp or call goes to.
func target(regs *tracer.Regs, op x86asm.Inst, next tracer.Word, word int, mem memory) (tracer.Word, bool) {
	switch arg := op.Args[0].(type) {
	case x86asm.Rel:
		return jump(op, next), true
	case x86asm.Reg:
		if word == 4 && (arg < x86asm.EAX || arg > x86asm.EDI) || word == 8 && (arg < x86asm.RAX || arg > x86asm.R15) {
			return 0, false
		}
		return register(regs, arg, next)
	case x86asm.Mem:
		a, ok := address(regs, arg, next, word)
		if !ok {
			return 0, false
		}
		w, ok := mem.read(tracer.Addr(a), word)
		return tracer.Word(w), ok
	}
	return 0, false
}

// address is the address of a memory operand.
func address(regs *tracer.Regs, m x86asm.Mem, next tracer.Word, word int) (tracer.Word, bool) {
	a := tracer.Word(m.Disp)
	if m.Base != 0 {
		base, ok := register(regs, m.Base, next)
		if !ok {
			return 0, false
		}
		a += base
	}
	if m.Scale != 0 {
		index, ok := register(regs, m.Index, next)
		if !ok {
			return 0, false
		}
		a += index * tracer.Word(m.Scale)
	}
	switch {
	case word == 4 && m.Segment != 0 && m.Segment != x86asm.DS && m.Segment != x86asm.SS:
		return 0, false // its base is not among the registers
	case word == 4:
		a &= 0xffffffff
	case m.Segment == x86asm.FS:
		a += regs.FSBase
	case m.Segment == x86asm.GS:
		a += regs.GSBase
	}
	return a, true
}

// register is the value of a register of 64 bits, or of 32 in 32-bit code.
func register(regs *tracer.Regs, r x86asm.Reg, next tracer.Word) (tracer.Word, bool) {
	all := [...]tracer.Word{regs.RAX, regs.RCX, regs.RDX, regs.RBX, regs.RSP, regs.RBP, regs.RSI, regs.RDI,
		regs.R8, regs.R9, regs.R10, regs.R11, regs.R12, regs.R13, regs.R14, regs.R15}
	switch {
	case x86asm.RAX <= r && r <= x86asm.R15:
		return all[r-x86asm.RAX], true
	case x86asm.EAX <= r && r <= x86asm.EDI:
		return all[r-x86asm.EAX] & 0xffffffff, true
	case r == x86asm.RIP:
		return next, true
	}
	return 0, false
}

// holds says whether the condition of a jump holds.
func holds(op x86asm.Op, flags tracer.Word) bool {
	is := func(bit tracer.Word) bool { return flags&bit != 0 }
	switch op {
	case x86asm.JO:
		return is(x86.OF)
	case x86asm.JNO:
		return !is(x86.OF)
	case x86asm.JB:
		return is(x86.CF)
	case x86asm.JAE:
		return !is(x86.CF)
	case x86asm.JE:
		return is(x86.ZF)
	case x86asm.JNE:
		return !is(x86.ZF)
	case x86asm.JBE:
		return is(x86.CF) || is(x86.ZF)
	case x86asm.JA:
		return !is(x86.CF) && !is(x86.ZF)
	case x86asm.JS:
		return is(x86.SF)
	case x86asm.JNS:
		return !is(x86.SF)
	case x86asm.JP:
		return is(x86.PF)
	case x86asm.JNP:
		return !is(x86.PF)
	case x86asm.JL:
		return is(x86.SF) != is(x86.OF)
	case x86asm.JGE:
		return is(x86.SF) == is(x86.OF)
	case x86asm.JLE:
		return is(x86.ZF) || is(x86.SF) != is(x86.OF)
	}
	return !is(x86.ZF) && is(x86.SF) == is(x86.OF) // jg
}
