package names

import (
	"fmt"
	"strconv"
)

// UserWord is one word of struct user, which PTRACE_PEEKUSER reads by offset.
type UserWord struct {
	Offset   uint64 // in bytes, a multiple of 8
	Name     string // the macro of <sys/reg.h>, "ORIG_RAX", which is Offset/8; "" if it has none
	Field    string // the field of <sys/user.h>: "orig_rax" in user_regs_struct, "u_debugreg[7]" in struct user
	Sentence string
}

// UserSize is the size of struct user in the x86-64 kernel, in bytes: from this
// offset on PTRACE_PEEKUSER answers EIO. See arch/x86/include/asm/user_64.h.
const UserSize = 928

// UserSizeC is sizeof(struct user) in a C program, by <sys/user.h>: the two
// last words of the kernel's structure are not declared there.
const UserSizeC = 912

// UserArea is the kernel's struct user of x86-64, all of it, word by word. The
// registers and u_debugreg are real; every other word reads 0, and a write to it
// fails with EIO.
var UserArea = userArea()

// userRegisters are the 27 words of user_regs_struct, in its order.
var userRegisters = []UserWord{
	{0, "R15", "r15",
		"A general register. System calls leave it alone."},
	{8, "R14", "r14",
		"A general register. System calls leave it alone."},
	{16, "R13", "r13",
		"A general register. System calls leave it alone."},
	{24, "R12", "r12",
		"A general register. System calls leave it alone."},
	{32, "RBP", "rbp",
		"The frame pointer, where the compiler uses one; else a general register."},
	{40, "RBX", "rbx",
		"A general register. Called functions must keep it."},
	{48, "R11", "r11",
		"A general register. The syscall instruction puts EFLAGS here."},
	{56, "R10", "r10",
		"The fourth argument of a system call, in place of rcx."},
	{64, "R9", "r9",
		"The sixth argument, of system calls and of functions."},
	{72, "R8", "r8",
		"The fifth argument, of system calls and of functions."},
	{80, "RAX", "rax",
		"The result of a system call. At the enter-stop it holds -38, ENOSYS."},
	{88, "RCX", "rcx",
		"The fourth argument of a function. The syscall instruction puts the return address here."},
	{96, "RDX", "rdx",
		"The third argument, of system calls and of functions."},
	{104, "RSI", "rsi",
		"The second argument, of system calls and of functions."},
	{112, "RDI", "rdi",
		"The first argument, of system calls and of functions."},
	{120, "ORIG_RAX", "orig_rax",
		"The number of the system call. It is -1 when the kernel was entered some other way."},
	{128, "RIP", "rip",
		"The address of the next instruction."},
	{136, "CS", "cs",
		"The code segment: 0x33 runs 64-bit code, 0x23 runs 32-bit code."},
	{144, "EFLAGS", "eflags",
		"The flags. Bit 8 is TF, the trap flag, which makes a single-step."},
	{152, "RSP", "rsp",
		"The stack pointer."},
	{160, "SS", "ss",
		"The stack segment."},
	{168, "FS_BASE", "fs_base",
		"The address that fs stands for: the thread's own storage in 64-bit programs."},
	{176, "GS_BASE", "gs_base",
		"The address that gs stands for. Most 64-bit programs leave it 0."},
	{184, "DS", "ds",
		"The data segment. 64-bit code ignores it."},
	{192, "ES", "es",
		"The extra segment. 64-bit code ignores it."},
	{200, "FS", "fs",
		"The selector of fs. In 64-bit programs fs_base counts, not this."},
	{208, "GS", "gs",
		"The selector of gs. In 64-bit programs gs_base counts, not this."},
}

// userOld is the middle of struct user: fields that core files once had.
var userOld = []UserWord{
	{736, "", "u_tsize", "Size of the code, for old core files. The kernel answers 0."},
	{744, "", "u_dsize", "Size of the data, for old core files. The kernel answers 0."},
	{752, "", "u_ssize", "Size of the stack, for old core files. The kernel answers 0."},
	{760, "", "start_code", "Where the code begins, for old core files. The kernel answers 0."},
	{768, "", "start_stack", "Where the stack begins, for old core files. The kernel answers 0."},
	{776, "", "signal", "The signal of an old core file. The kernel answers 0: PTRACE_GETSIGINFO knows the signal."},
	{784, "", "reserved", "Four unused bytes and four of padding. The kernel answers 0."},
	{792, "", "u_ar0", "A pointer to the registers, for old debuggers. The kernel answers 0."},
	{800, "", "u_fpstate", "A pointer to the floating-point state, for old debuggers. The kernel answers 0."},
	{808, "", "magic", "Marks an old core file. The kernel answers 0."},
	{816, "", "u_comm[0]", "The program's name in an old core file. The kernel answers 0."},
	{824, "", "u_comm[8]", "The program's name in an old core file, continued. The kernel answers 0."},
	{832, "", "u_comm[16]", "The program's name in an old core file, continued. The kernel answers 0."},
	{840, "", "u_comm[24]", "The program's name in an old core file, continued. The kernel answers 0."},
}

// userDebug are the debug registers, the last words of struct user.
var userDebug = []UserWord{
	{848, "", "u_debugreg[0]", "DR0: the address of the first hardware breakpoint or watchpoint."},
	{856, "", "u_debugreg[1]", "DR1: the address of the second hardware breakpoint or watchpoint."},
	{864, "", "u_debugreg[2]", "DR2: the address of the third hardware breakpoint or watchpoint."},
	{872, "", "u_debugreg[3]", "DR3: the address of the fourth hardware breakpoint or watchpoint."},
	{880, "", "u_debugreg[4]", "DR4 does not exist: it reads 0, and a write fails with EIO."},
	{888, "", "u_debugreg[5]", "DR5 does not exist: it reads 0, and a write fails with EIO."},
	{896, "", "u_debugreg[6]", "DR6: which of the four was hit, one bit each from bit 0."},
	{904, "", "u_debugreg[7]", "DR7: which of the four are armed, on what access and how wide. Clear it before PTRACE_DETACH."},
}

// userLast are the two words that the kernel's struct user has behind the C one.
var userLast = []UserWord{
	{912, "", "error_code", "Only in the kernel's struct user, behind the end of the C one. The kernel answers 0."},
	{920, "", "fault_address", "Only in the kernel's struct user, behind the end of the C one. The kernel answers 0."},
}

func userArea() []UserWord {
	words := append([]UserWord{}, userRegisters...)
	words = append(words, UserWord{216, "", "u_fpvalid",
		"Whether i387 is valid, and four bytes of padding. The kernel answers 0."})
	words = append(words, userFloatWords()...)
	words = append(words, userOld...)
	words = append(words, userDebug...)
	return append(words, userLast...)
}

// userFloatWords are the 64 words of i387. PEEKUSER does not reach the real
// floating-point registers: these words read 0.
func userFloatWords() []UserWord {
	const use = "The kernel answers 0: PTRACE_GETFPREGS reads the real ones."
	words := []UserWord{
		{224, "", "i387.cwd", "Control, status and tag words of the x87. " + use},
		{232, "", "i387.rip", "Where the last x87 instruction was. " + use},
		{240, "", "i387.rdp", "What the last x87 instruction accessed. " + use},
		{248, "", "i387.mxcsr", "Control and status of SSE. " + use},
	}
	arrays := []struct {
		name, sentence string
		first, end     uint64
	}{
		{"i387.st_space", "Part of an x87 register. " + use, 256, 384},
		{"i387.xmm_space", "Part of an xmm register. " + use, 384, 640},
		{"i387.padding", "Padding. The kernel answers 0.", 640, 736},
	}
	for _, a := range arrays { // their elements have 4 bytes
		for off := a.first; off < a.end; off += 8 {
			field := fmt.Sprintf("%s[%d]", a.name, (off-a.first)/4)
			words = append(words, UserWord{off, "", field, a.sentence})
		}
	}
	return words
}

// UserWordAt finds the word of the USER area at an offset in bytes. There is
// none at an offset that is not a multiple of 8, or outside struct user: the
// kernel answers EIO there.
func UserWordAt(off uint64) (UserWord, bool) {
	if off%8 != 0 || off >= UserSize {
		return UserWord{}, false
	}
	return UserArea[off/8], true
}

// UserSpelling spells an offset into the USER area as C source does:
// "8*ORIG_RAX" for a register, "offsetof(struct user, u_debugreg[7])" for
// another word, and the plain number, "60", for an offset that is misaligned or
// outside of the C program's struct user. The plain number is the signed one: an
// offset of -8 is "-8".
func UserSpelling(off uint64) string {
	word, ok := UserWordAt(off)
	switch {
	case !ok || off >= UserSizeC:
		return strconv.FormatInt(int64(off), 10)
	case word.Name != "":
		return "8*" + word.Name
	}
	return "offsetof(struct user, " + word.Field + ")"
}
