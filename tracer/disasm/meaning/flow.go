package meaning

import (
	"strings"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

// target is where a jump or call of its own operand goes. ok is false if the
// step ended elsewhere, which happens where a signal came between.
func (s step) target() (to tracer.Addr, from string, ok bool) {
	rip := tracer.Addr(s.after.RIP)
	switch a := s.Op.Args[0].(type) {
	case x86asm.Rel:
		return rip, "", rip == disasm.BranchTarget(s.Op, a, s.Next())
	case x86asm.Reg:
		w, known := valueOf(a, s.before)
		return rip, ", the value of " + disasm.RegName(a), known && tracer.Addr(w) == rip
	case x86asm.Mem:
		return rip, ", read from " + s.where(a), true
	}
	return rip, "", false
}

func jump(s step) string {
	to, from, ok := s.target()
	if !ok {
		return ""
	}
	return "Jumps to " + to.String() + from + "."
}

func call(s step) string {
	to, from, ok := s.target()
	if !ok || !s.slot(s.moved()) && s.moved() != int64(s.Op.Mode/8) { // not all processors heed 66
		return ""
	}
	if from != "" {
		return "Calls " + to.String() + from + "; the return address, " + s.Next().String() + ", is stored on the stack."
	}
	return "Calls " + to.String() + ". " + s.down() + " and the word " + s.Next().String() + " is stored there: the return address."
}

func ret(s step) string {
	extra := int64(0)
	if n, ok := s.Op.Args[0].(x86asm.Imm); ok {
		extra = int64(uint16(n))
	}
	if up := -s.moved() - extra; !s.slot(up) && up != int64(s.Op.Mode/8) {
		return ""
	}
	return "Returns to " + tracer.Addr(s.after.RIP).String() + ", the word on top of the stack; " + s.up() + "."
}

func loop(s step) string {
	rel, ok := s.Op.Args[0].(x86asm.Rel)
	if !ok {
		return ""
	}
	name, left := s.counter(s.after)
	if _, was := s.counter(s.before); cut(was-1-left, s.Op.AddrSize) != 0 {
		return ""
	}
	is := " is not 0"
	if left == 0 {
		is = " is 0"
	}
	text := s.jump(disasm.BranchTarget(s.Op, rel, s.Next()), left != 0, name+is)
	if text == "" {
		return ""
	}
	text = name + " goes down to " + left.String() + ". " + text
	if s.Op.AddrSize == 32 {
		return s.upper(strings.TrimSuffix(text, "."), false, x86asm.ECX)
	}
	return text
}

func jumpIfZero(s step) string {
	rel, ok := s.Op.Args[0].(x86asm.Rel)
	if !ok {
		return ""
	}
	name, value := "rcx", s.before.RCX
	if s.Op.Op == x86asm.JECXZ {
		name, value = "ecx", cut(value, 32)
	}
	is := " is not 0"
	if value == 0 {
		is = " is 0"
	}
	return s.jump(disasm.BranchTarget(s.Op, rel, s.Next()), value == 0, name+is)
}

// nop and pause. The form 90 with REX.B is an exchange, which x86asm names so.
func nothing(s step) string {
	changed := s.after.Changed(s.before)
	switch {
	case len(changed) > 1 && !(len(changed) == 2 && s.trapFlagShows()):
		return ""
	case s.trapFlagShows():
		return "Does nothing." + stepsOwn
	case s.Op.Op == x86asm.PAUSE:
		return "Tells the processor that this loop waits for something. It changes no register."
	}
	return "Does nothing."
}

func cpuid(s step) string {
	text := "Asks the processor about itself, leaf " + cut(s.before.RAX, 32).Hex()
	if rip := tracer.Addr(s.after.RIP); rip != s.Next() {
		return text + ". The virtual machine answers without a trap: what follows has run too, up to " + rip.String() + "."
	}
	return text + ": the answer is in eax, ebx, ecx and edx."
}

// kernels is for sgdt, sidt, smsw, sldt and str. With UMIP the processor leaves
// them to the kernel: arch/x86/kernel/umip.c.
func kernels(s step) string {
	const text = "Asks for a register of the kernel's"
	if rip := tracer.Addr(s.after.RIP); rip != s.Next() {
		return text + ". The kernel answers, without a trap: what follows has run too, up to " + rip.String() + "."
	}
	return text + "."
}

func timeStamp(s step) string {
	count := cut(s.after.RDX, 32)<<32 | cut(s.after.RAX, 32)
	return "Reads the time-stamp counter: " + tracer.Addr(count).String() + ", its high half in edx, its low half in eax."
}
