package disasm

import (
	"strconv"
	"strings"

	"golang.org/x/arch/x86/x86asm"
)

// The general registers in the order of their numbers in machine code.
var (
	names64 = strings.Fields("rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15")
	names32 = strings.Fields("eax ecx edx ebx esp ebp esi edi r8d r9d r10d r11d r12d r13d r14d r15d")
	names16 = strings.Fields("ax cx dx bx sp bp si di r8w r9w r10w r11w r12w r13w r14w r15w")
	names8  = strings.Fields("al cl dl bl ah ch dh bh spl bpl sil dil r8b r9b r10b r11b r12b r13b r14b r15b")
)

// Part says which bits of which general register a name stands for.
func Part(r x86asm.Reg) (number, bits, shift int, ok bool) {
	switch {
	case x86asm.AL <= r && r <= x86asm.BL:
		return int(r - x86asm.AL), 8, 0, true
	case x86asm.AH <= r && r <= x86asm.BH:
		return int(r - x86asm.AH), 8, 8, true
	case x86asm.SPB <= r && r <= x86asm.R15B:
		return int(r-x86asm.SPB) + 4, 8, 0, true
	case x86asm.AX <= r && r <= x86asm.R15W:
		return int(r - x86asm.AX), 16, 0, true
	case x86asm.EAX <= r && r <= x86asm.R15L:
		return int(r - x86asm.EAX), 32, 0, true
	case x86asm.RAX <= r && r <= x86asm.R15:
		return int(r - x86asm.RAX), 64, 0, true
	}
	return 0, 0, 0, false
}

// RegName spells a register as the Intel manual does.
func RegName(r x86asm.Reg) string {
	numbered := func(prefix string, first x86asm.Reg) string { return prefix + strconv.Itoa(int(r-first)) }
	switch {
	case x86asm.AL <= r && r <= x86asm.R15B:
		return names8[r-x86asm.AL]
	case x86asm.AX <= r && r <= x86asm.R15W:
		return names16[r-x86asm.AX]
	case x86asm.EAX <= r && r <= x86asm.R15L:
		return names32[r-x86asm.EAX]
	case x86asm.RAX <= r && r <= x86asm.R15:
		return names64[r-x86asm.RAX]
	case x86asm.F0 <= r && r <= x86asm.F7:
		return numbered("st", x86asm.F0)
	case x86asm.M0 <= r && r <= x86asm.M7:
		return numbered("mm", x86asm.M0)
	case x86asm.X0 <= r && r <= x86asm.X31:
		return numbered("xmm", x86asm.X0)
	case x86asm.Y0 <= r && r <= x86asm.Y31:
		return numbered("ymm", x86asm.Y0)
	case x86asm.Z0 <= r && r <= x86asm.Z31:
		return numbered("zmm", x86asm.Z0)
	}
	return strings.ToLower(r.String())
}
