package names

import (
	"fmt"
	"strconv"
	"strings"
)

// Part is a part of a register of x86-64 that has a name of its own in assembly and
// no word of its own for a tracer.
type Part struct {
	Name     string // "edi"
	Of       string // the register of [Registers] that has it: "rdi"
	Sentence string
}

// RegisterPart finds a part of a general register of x86-64 by its name: "edi" and
// "al", "r8d" and "r15b".
func RegisterPart(name string) (Part, bool) {
	name = strings.ToLower(name)
	for _, r := range []struct{ whole, lower, word, low, high string }{
		{"rax", "eax", "ax", "al", "ah"}, {"rbx", "ebx", "bx", "bl", "bh"},
		{"rcx", "ecx", "cx", "cl", "ch"}, {"rdx", "edx", "dx", "dl", "dh"},
		{"rsi", "esi", "si", "sil", ""}, {"rdi", "edi", "di", "dil", ""},
		{"rbp", "ebp", "bp", "bpl", ""}, {"rsp", "esp", "sp", "spl", ""},
	} {
		switch name {
		case "":
		case r.lower:
			return lowerHalf(name, r.whole), true
		case r.word:
			return lowerBits(name, r.whole, "15 to 0"), true
		case r.low:
			return lowerBits(name, r.whole, "7 to 0"), true
		case r.high:
			return lowerBits(name, r.whole, "15 to 8"), true
		}
	}
	return numberedPart(name)
}

// numberedPart finds a part of r8 to r15: "r8d", "r8w", "r8b".
func numberedPart(name string) (Part, bool) {
	digits, ok := strings.CutPrefix(name, "r")
	if !ok || len(digits) < 2 {
		return Part{}, false
	}
	n, err := strconv.Atoi(digits[:len(digits)-1])
	if err != nil || n < 8 || n > 15 || digits[0] == '0' || digits[0] == '+' {
		return Part{}, false
	}
	whole := fmt.Sprintf("r%d", n)
	switch digits[len(digits)-1] {
	case 'd':
		return lowerHalf(name, whole), true
	case 'w':
		return lowerBits(name, whole, "15 to 0"), true
	case 'b':
		return lowerBits(name, whole, "7 to 0"), true
	}
	return Part{}, false
}

func lowerHalf(name, of string) Part {
	return Part{name, of, fmt.Sprintf("The lower half of %s, bits 31 to 0. An instruction that writes %s clears the upper half of %s.", of, name, of)}
}

func lowerBits(name, of, bits string) Part {
	return Part{name, of, fmt.Sprintf("Bits %s of %s. An instruction that writes %s leaves the other bits as they are.", bits, of, name)}
}

// SyscallRegisters are the registers of a system call of arch: that of the number,
// which takes the result too, and those of the arguments in their order. See
// syscall(2), "Architecture calling conventions".
func SyscallRegisters(arch Arch) (number string, arguments []string) {
	switch arch {
	case X8664:
		return "rax", []string{"rdi", "rsi", "rdx", "r10", "r8", "r9"}
	case I386:
		return "eax", []string{"ebx", "ecx", "edx", "esi", "edi", "ebp"}
	}
	return "", nil
}
