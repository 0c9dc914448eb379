package meaning

import (
	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

func generals(r tracer.Regs) [16]tracer.Word {
	return [16]tracer.Word{r.RAX, r.RCX, r.RDX, r.RBX, r.RSP, r.RBP, r.RSI, r.RDI,
		r.R8, r.R9, r.R10, r.R11, r.R12, r.R13, r.R14, r.R15}
}

// valueOf reads a general or segment register, whole or a part.
func valueOf(r x86asm.Reg, regs tracer.Regs) (tracer.Word, bool) {
	if number, bits, shift, ok := disasm.Part(r); ok {
		return cut(generals(regs)[number]>>shift, bits), true
	}
	switch r {
	case x86asm.CS:
		return regs.CS, true
	case x86asm.DS:
		return regs.DS, true
	case x86asm.ES:
		return regs.ES, true
	case x86asm.FS:
		return regs.FS, true
	case x86asm.GS:
		return regs.GS, true
	case x86asm.SS:
		return regs.SS, true
	}
	return 0, false
}

func cut(w tracer.Word, bits int) tracer.Word {
	if bits >= 64 {
		return w
	}
	return w & (1<<bits - 1)
}
