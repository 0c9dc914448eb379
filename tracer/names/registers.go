package names

// Register is one general register of a tracee, by its field's name in the
// kernel's structure.
type Register struct {
	Name     string // "rax", "orig_rax"; "eax", "orig_eax"
	Sentence string // what it is for, in system calls too
}

// registersI386 are the registers of user_regs_struct32,
// arch/x86/include/asm/user32.h.
var registersI386 = []Register{
	{"ebx", "The first argument of a system call."},
	{"ecx", "The second argument of a system call; the counter of rep and loop."},
	{"edx", "The third argument of a system call."},
	{"esi", "The fourth argument of a system call; the source of string instructions."},
	{"edi", "The fifth argument of a system call; the destination of string instructions."},
	{"ebp", "The sixth argument of a system call; the frame pointer, where the compiler uses one."},
	{"eax", "The result of a system call. Before int 0x80 the program puts the number here."},
	{"ds", "The data segment."},
	{"es", "The extra segment, the destination of string instructions."},
	{"fs", "A further segment. Most 32-bit programs leave it 0."},
	{"gs", "The segment of the thread's own storage."},
	{"orig_eax", "The number of the system call. It is -1 when the kernel was entered some other way."},
	{"eip", "The address of the next instruction."},
	{"cs", "The code segment: 0x23 runs 32-bit code."},
	{"eflags", "The flags. Bit 8 is TF, the trap flag, which makes a single-step."},
	{"esp", "The stack pointer."},
	{"ss", "The stack segment."},
}

// Registers are the general registers of arch, in the order
// of the kernel's structure: PTRACE_GETREGSET fills 27 words of 8 bytes for a
// 64-bit tracee and 17 of 4 bytes for a 32-bit one. It is nil for another arch.
func Registers(arch Arch) []Register {
	switch arch {
	case X8664:
		return userRegisters
	case I386:
		return registersI386
	}
	return nil
}
