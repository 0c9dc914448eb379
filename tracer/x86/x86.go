// Package x86 has what the processor and Linux on it fix for every program of
// x86-64 and i386: sizes, bits and selectors. It imports nothing, so that all of
// the tracer's packages can stand on it.
package x86

// The sizes of code and memory, in bytes.
const (
	LongestInstruction = 15 // the processor refuses a longer one, by #GP
	CallInstruction    = 2  // syscall, sysenter and int 0x80: a restarted call begins so far back
	PageSize           = 4096
)

// Int3 is the breakpoint, an instruction of one byte.
const Int3 = 0xcc

// The bits of EFLAGS, from the manual of the processor, volume 1, "EFLAGS
// Register".
const (
	CF = 1 << 0  // carry
	PF = 1 << 2  // parity
	AF = 1 << 4  // auxiliary carry
	ZF = 1 << 6  // zero
	SF = 1 << 7  // sign
	TF = 1 << 8  // trap: the processor traps after one instruction
	DF = 1 << 10 // direction
	OF = 1 << 11 // overflow
	NT = 1 << 14 // nested task
	RF = 1 << 16 // resume: an instruction breakpoint is passed over once
	AC = 1 << 18 // alignment check: a misaligned operand faults
	ID = 1 << 21 // can be changed where there is a cpuid
)

// The selectors of the segments that the kernel gives a program: __USER32_CS,
// __USER_DS and __USER_CS of arch/x86/include/asm/segment.h. A program can make
// others, by modify_ldt(2).
const (
	UserCS32 = 0x23 // 32-bit code
	UserDS   = 0x2b // data and stack of 32-bit code
	UserCS64 = 0x33 // 64-bit code
)
