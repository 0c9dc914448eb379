package names

import (
	"fmt"
	"strconv"
	"strings"

	"ptwalk/tracer/user"
)

// UserWord is one word of struct user, which PTRACE_PEEKUSER reads by offset.
type UserWord struct {
	Offset   uint64 // in bytes, a multiple of 8
	Name     string // the macro of <sys/reg.h>, "ORIG_RAX", which is Offset/8; "" if it has none
	Field    string // the field of <sys/user.h>: "orig_rax" in user_regs_struct, "u_debugreg[7]" in struct user
	Sentence string
}

// UserArea is the kernel's struct user of x86-64, all of it, word by word. The
// registers and u_debugreg are real; every other word reads 0, and a write to it
// fails with EIO.
var UserArea = userArea()

// userRegisters are the 27 words of user_regs_struct, in its order. Package user has
// their offsets.
var userRegisters = []Register{
	{"r15", "A general register. System calls leave it alone."},
	{"r14", "A general register. System calls leave it alone."},
	{"r13", "A general register. System calls leave it alone."},
	{"r12", "A general register. System calls leave it alone."},
	{"rbp", "The frame pointer, where the compiler uses one; else a general register."},
	{"rbx", "A general register. Called functions must keep it."},
	{"r11", "A general register. The syscall instruction puts EFLAGS here, but not where the kernel uses FRED."},
	{"r10", "The fourth argument of a system call, in place of rcx."},
	{"r9", "The sixth argument, of system calls and of functions."},
	{"r8", "The fifth argument, of system calls and of functions."},
	{"rax", "The result of a system call. At the enter-stop it holds -38, ENOSYS."},
	{"rcx", "The fourth argument of a function. The syscall instruction puts the return address here, but not where the kernel uses FRED."},
	{"rdx", "The third argument, of system calls and of functions."},
	{"rsi", "The second argument, of system calls and of functions."},
	{"rdi", "The first argument, of system calls and of functions."},
	{"orig_rax", "The number of the system call. It is -1 when the kernel was entered some other way."},
	{"rip", "The address of the next instruction."},
	{"cs", "The code segment: 0x33 runs 64-bit code, 0x23 runs 32-bit code."},
	{"eflags", "The flags. Bit 8 is TF, the trap flag, which makes a single-step."},
	{"rsp", "The stack pointer."},
	{"ss", "The stack segment."},
	{"fs_base", "The address that fs stands for: the thread's own storage in 64-bit programs."},
	{"gs_base", "The address that gs stands for. Most 64-bit programs leave it 0."},
	{"ds", "The data segment. 64-bit code ignores it."},
	{"es", "The extra segment. 64-bit code ignores it."},
	{"fs", "The selector of fs. In 64-bit programs fs_base counts, not this."},
	{"gs", "The selector of gs. In 64-bit programs gs_base counts, not this."},
}

// userOld is the middle of struct user: fields that core files once had.
var userOld = []Register{
	{"u_tsize", "Size of the code, for old core files. The kernel answers 0."},
	{"u_dsize", "Size of the data, for old core files. The kernel answers 0."},
	{"u_ssize", "Size of the stack, for old core files. The kernel answers 0."},
	{"start_code", "Where the code begins, for old core files. The kernel answers 0."},
	{"start_stack", "Where the stack begins, for old core files. The kernel answers 0."},
	{"signal", "The signal of an old core file. The kernel answers 0: PTRACE_GETSIGINFO knows the signal."},
	{"reserved", "Four unused bytes and four of padding. The kernel answers 0."},
	{"u_ar0", "A pointer to the registers, for old debuggers. The kernel answers 0."},
	{"u_fpstate", "A pointer to the floating-point state, for old debuggers. The kernel answers 0."},
	{"magic", "Marks an old core file. The kernel answers 0."},
	{"u_comm[0]", "The program's name in an old core file. The kernel answers 0."},
	{"u_comm[8]", "The program's name in an old core file, continued. The kernel answers 0."},
	{"u_comm[16]", "The program's name in an old core file, continued. The kernel answers 0."},
	{"u_comm[24]", "The program's name in an old core file, continued. The kernel answers 0."},
}

// userDebug are the debug registers, the last words of struct user.
var userDebug = []Register{
	{"u_debugreg[0]", "DR0: the address of the first hardware breakpoint or watchpoint."},
	{"u_debugreg[1]", "DR1: the address of the second hardware breakpoint or watchpoint."},
	{"u_debugreg[2]", "DR2: the address of the third hardware breakpoint or watchpoint."},
	{"u_debugreg[3]", "DR3: the address of the fourth hardware breakpoint or watchpoint."},
	{"u_debugreg[4]", "DR4 does not exist: it reads 0, and a write fails with EIO."},
	{"u_debugreg[5]", "DR5 does not exist: it reads 0, and a write fails with EIO."},
	{"u_debugreg[6]", "DR6: which of the four was hit, one bit each from bit 0."},
	{"u_debugreg[7]", "DR7: which of the four are armed, on what access and how wide. Clear it before PTRACE_DETACH."},
}

// userLast are the two words that the kernel's struct user has behind the C one.
var userLast = []Register{
	{"error_code", "Only in the kernel's struct user, behind the end of the C one. The kernel answers 0."},
	{"fault_address", "Only in the kernel's struct user, behind the end of the C one. The kernel answers 0."},
}

func userArea() (words []UserWord) {
	for _, part := range [][]Register{userRegisters, userFloat(), userOld, userDebug, userLast} {
		for _, w := range part {
			words = append(words, UserWord{uint64(8 * len(words)), "", w.Name, w.Sentence})
		}
	}
	for i := range userRegisters {
		words[i].Name = strings.ToUpper(words[i].Field)
	}
	return words
}

// userFloat is u_fpvalid and i387. PEEKUSER does not reach the real floating-point
// registers: these words read 0.
func userFloat() []Register {
	const use = "The kernel answers 0: PTRACE_GETFPREGS reads the real ones."
	words := []Register{
		{"u_fpvalid", "Whether i387 is valid, and four bytes of padding. The kernel answers 0."},
		{"i387.cwd", "Control, status and tag words of the x87. " + use},
		{"i387.rip", "Where the last x87 instruction was. " + use},
		{"i387.rdp", "What the last x87 instruction accessed. " + use},
		{"i387.mxcsr", "Control and status of SSE. " + use},
	}
	for _, a := range []struct {
		name, sentence string
		words          int
	}{
		{"i387.st_space", "Part of an x87 register. " + use, 16},
		{"i387.xmm_space", "Part of an xmm register. " + use, 32},
		{"i387.padding", "Padding. The kernel answers 0.", 12},
	} {
		for i := range a.words { // their elements have 4 bytes
			words = append(words, Register{fmt.Sprintf("%s[%d]", a.name, 2*i), a.sentence})
		}
	}
	return words
}

// UserWordAt finds the word of the USER area at an offset in bytes. There is
// none at an offset that is not a multiple of 8, or outside struct user: the
// kernel answers EIO there.
func UserWordAt(off uint64) (UserWord, bool) {
	if off%8 != 0 || off >= user.Size {
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
	case !ok || off >= user.SizeC:
		return strconv.FormatInt(int64(off), 10)
	case word.Name != "":
		return "8*" + word.Name
	}
	return "offsetof(struct user, " + word.Field + ")"
}
