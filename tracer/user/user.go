// Package user has the offsets of struct user of x86-64, in bytes, for
// PTRACE_PEEKUSER and PTRACE_POKEUSER. The first 27 words are the registers, in
// the order of <sys/reg.h>: 8*RIP in C is user.RIP here.
package user

// The registers.
const (
	R15 = 8 * iota
	R14
	R13
	R12
	RBP
	RBX
	R11
	R10
	R9
	R8
	RAX
	RCX
	RDX
	RSI
	RDI
	OrigRAX
	RIP
	CS
	EFLAGS
	RSP
	SS
	FSBase
	GSBase
	DS
	ES
	FS
	GS
)

// The ends of the area: arch/x86/include/asm/user_64.h. From Size on PTRACE_PEEKUSER
// answers EIO.
const (
	Registers = GS + 8 // after the last register
	DebugRegs = 848    // u_debugreg[0], which is DR0
	DR6       = DebugRegs + 6*8
	DR7       = DebugRegs + 7*8
	SizeC     = 912 // sizeof(struct user) in <sys/user.h>, which lacks the last two words
	Size      = 928 // of the kernel's own struct user
)
