package meaning

import (
	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
)

// meanings has a function for each instruction that has a sentence of its own.
// A function returns "" where the general sentence is better: where the registers
// do not bear out what it would say.
var meanings = map[x86asm.Op]func(step) string{}

func init() {
	type op = x86asm.Op
	for _, group := range []struct {
		tell func(step) string
		ops  []op
	}{
		{move, []op{x86asm.MOV}},
		{zeroExtend, []op{x86asm.MOVZX}},
		{signExtend, []op{x86asm.MOVSX, x86asm.MOVSXD}},
		{address, []op{x86asm.LEA}},
		{exchange, []op{x86asm.XCHG}},
		{exchangeAdd, []op{x86asm.XADD}},
		{compareExchange, []op{x86asm.CMPXCHG}},
		{widenRAX, []op{x86asm.CBW, x86asm.CWDE, x86asm.CDQE}},
		{spreadSign, []op{x86asm.CWD, x86asm.CDQ, x86asm.CQO}},
		{swapBytes, []op{x86asm.BSWAP}},

		{push, []op{x86asm.PUSH}},
		{pop, []op{x86asm.POP}},
		{leave, []op{x86asm.LEAVE}},
		{pushFlags, []op{x86asm.PUSHF, x86asm.PUSHFD, x86asm.PUSHFQ}},
		{popFlags, []op{x86asm.POPF, x86asm.POPFD, x86asm.POPFQ}},

		{arithmetic("+", "is added to", sum, added), []op{x86asm.ADD}},
		{arithmetic("-", "is subtracted from", difference, subtracted), []op{x86asm.SUB}},
		{withCarry("+", sum), []op{x86asm.ADC}},
		{withCarry("-", difference), []op{x86asm.SBB}},
		{byOne("+", "up", sum), []op{x86asm.INC}},
		{byOne("-", "down", difference), []op{x86asm.DEC}},
		{negate, []op{x86asm.NEG}},
		{multiply(false), []op{x86asm.MUL}},
		{multiply(true), []op{x86asm.IMUL}},
		{divide(false), []op{x86asm.DIV}},
		{divide(true), []op{x86asm.IDIV}},
		{compare, []op{x86asm.CMP}},

		{logic("and", "is and-ed into", func(a, b tracer.Word) tracer.Word { return a & b }), []op{x86asm.AND}},
		{logic("or", "is or-ed into", func(a, b tracer.Word) tracer.Word { return a | b }), []op{x86asm.OR}},
		{logic("xor", "is xor-ed into", func(a, b tracer.Word) tracer.Word { return a ^ b }), []op{x86asm.XOR}},
		{turnOver, []op{x86asm.NOT}},
		{testBits, []op{x86asm.TEST}},
		{shift("shifted left", left), []op{x86asm.SHL, x86asm.SHLX}},
		{shift("shifted right", right), []op{x86asm.SHR, x86asm.SHRX}},
		{shift(withSign, rightSigned), []op{x86asm.SAR, x86asm.SARX}},
		{shift("rotated left", rotateLeft), []op{x86asm.ROL}},
		{shift("rotated right", rotateRight), []op{x86asm.ROR, x86asm.RORX}},
		{oneBit("", func(w, _ tracer.Word) tracer.Word { return w }), []op{x86asm.BT}},
		{oneBit("set", func(w, bit tracer.Word) tracer.Word { return w | bit }), []op{x86asm.BTS}},
		{oneBit("cleared", func(w, bit tracer.Word) tracer.Word { return w &^ bit }), []op{x86asm.BTR}},
		{oneBit("turned over", func(w, bit tracer.Word) tracer.Word { return w ^ bit }), []op{x86asm.BTC}},
		{counted("the number of bits that are 1", ones), []op{x86asm.POPCNT}},
		{counted("the number of zero bits at the top", zerosAbove), []op{x86asm.LZCNT}},
		{counted("the number of zero bits at the bottom", zerosBelow), []op{x86asm.TZCNT}},
		{counted("the place of the lowest bit that is 1", lowest), []op{x86asm.BSF}},
		{counted("the place of the highest bit that is 1", highest), []op{x86asm.BSR}},

		{oneFlag("DF", direction), []op{x86asm.CLD, x86asm.STD}},
		{oneFlag("CF", carry), []op{x86asm.CLC, x86asm.STC, x86asm.CMC}},

		{call, []op{x86asm.CALL}},
		{ret, []op{x86asm.RET}},
		{jump, []op{x86asm.JMP}},
		{loop, []op{x86asm.LOOP}},
		{jumpIfZero, []op{x86asm.JRCXZ, x86asm.JECXZ}},
		{systemCall, []op{x86asm.SYSCALL, x86asm.SYSENTER}},
		{interrupt, []op{x86asm.INT}},
		{debugTrap, []op{x86asm.ICEBP}},
		{nothing, []op{x86asm.NOP, x86asm.PAUSE}},
		{cpuid, []op{x86asm.CPUID}},
		{kernels, []op{x86asm.SGDT, x86asm.SIDT, x86asm.SMSW, x86asm.SLDT, x86asm.STR}},
		{timeStamp, []op{x86asm.RDTSC, x86asm.RDTSCP}},

		{storeString, []op{x86asm.STOSB, x86asm.STOSW, x86asm.STOSD, x86asm.STOSQ}},
		{copyString, []op{x86asm.MOVSB, x86asm.MOVSW, x86asm.MOVSD, x86asm.MOVSQ}},
		{loadString, []op{x86asm.LODSB, x86asm.LODSW, x86asm.LODSD, x86asm.LODSQ}},
		{scan, []op{x86asm.SCASB, x86asm.SCASW, x86asm.SCASD, x86asm.SCASQ, x86asm.CMPSB, x86asm.CMPSW, x86asm.CMPSD, x86asm.CMPSQ}},

		{vectorMove, []op{x86asm.MOVUPS, x86asm.MOVAPS, x86asm.MOVUPD, x86asm.MOVAPD, x86asm.MOVDQU, x86asm.MOVDQA,
			x86asm.VMOVDQU, x86asm.VMOVDQA, x86asm.VMOVUPS, x86asm.VMOVAPS, x86asm.VMOVUPD, x86asm.VMOVAPD,
			x86asm.VMOVDQU8, x86asm.VMOVDQU16, x86asm.VMOVDQU32, x86asm.VMOVDQU64, x86asm.VMOVDQA32, x86asm.VMOVDQA64}},
		{scalarMove, []op{x86asm.MOVD, x86asm.MOVQ, x86asm.VMOVD, x86asm.VMOVQ}},
	} {
		for _, op := range group.ops {
			meanings[op] = group.tell
		}
	}
}
