package tracer

import (
	"strings"

	"ptwalk/tracer/x86"
)

// Regs is user_regs_struct of x86-64, 27 words, in the kernel's order, which is
// also the order of the USER area. A 64-bit tracer gets a 32-bit tracee's
// registers in the same layout, with cs 0x23. See <sys/user.h>.
type Regs struct {
	R15, R14, R13, R12, RBP, RBX, R11, R10, R9, R8  Word
	RAX, RCX, RDX, RSI, RDI, OrigRAX, RIP, CS       Word
	EFLAGS, RSP, SS, FSBase, GSBase, DS, ES, FS, GS Word
}

// Arch is the architecture of the code that runs, by the code segment.
func (r Regs) Arch() Arch {
	if r.CS == x86.UserCS32 {
		return I386
	}
	return X8664
}

// Reg is one register by name.
type Reg struct {
	Name  string
	Value Word
}

// String is the value. Selectors and flags are hexadecimal, however small.
func (r Reg) String() string {
	if r.isBits() {
		return r.Value.Hex()
	}
	return r.Value.String()
}

func (r Reg) isBits() bool {
	switch r.Name {
	case "cs", "ss", "ds", "es", "fs", "gs", "eflags":
		return true
	}
	return false
}

// All returns the registers in the kernel's order, by the names of the
// architecture that runs: 27 of x86-64, or the 17 of i386 cut to 32 bits.
func (r Regs) All() []Reg {
	if r.Arch() == I386 {
		return []Reg{
			{"ebx", r.RBX}, {"ecx", r.RCX}, {"edx", r.RDX}, {"esi", r.RSI}, {"edi", r.RDI}, {"ebp", r.RBP},
			{"eax", r.RAX}, {"ds", r.DS}, {"es", r.ES}, {"fs", r.FS}, {"gs", r.GS}, {"orig_eax", r.OrigRAX},
			{"eip", r.RIP}, {"cs", r.CS}, {"eflags", r.EFLAGS}, {"esp", r.RSP}, {"ss", r.SS},
		}
	}
	var all []Reg
	for _, at := range r.places() {
		all = append(all, Reg{at.name, *at.word})
	}
	return all
}

// Get returns a register by its name in [Regs.All].
func (r Regs) Get(name string) (Word, bool) {
	for _, reg := range r.All() {
		if strings.EqualFold(reg.Name, name) {
			return reg.Value, true
		}
	}
	return 0, false
}

// Set changes a register by its name in [Regs.All], of either architecture, and
// says whether there is one.
func (r *Regs) Set(name string, w Word) bool {
	for _, at := range r.places() {
		if at.name == name || at.name32 == name {
			*at.word = w
			return true
		}
	}
	return false
}

// place is a register in a Regs, by its name in x86-64, and in i386 where that
// differs.
type place struct {
	name, name32 string
	word         *Word
}

// places are all registers, in the kernel's order.
func (r *Regs) places() []place {
	return []place{
		{"r15", "", &r.R15}, {"r14", "", &r.R14}, {"r13", "", &r.R13}, {"r12", "", &r.R12},
		{"rbp", "ebp", &r.RBP}, {"rbx", "ebx", &r.RBX}, {"r11", "", &r.R11}, {"r10", "", &r.R10},
		{"r9", "", &r.R9}, {"r8", "", &r.R8}, {"rax", "eax", &r.RAX}, {"rcx", "ecx", &r.RCX},
		{"rdx", "edx", &r.RDX}, {"rsi", "esi", &r.RSI}, {"rdi", "edi", &r.RDI},
		{"orig_rax", "orig_eax", &r.OrigRAX}, {"rip", "eip", &r.RIP}, {"cs", "", &r.CS},
		{"eflags", "", &r.EFLAGS}, {"rsp", "esp", &r.RSP}, {"ss", "", &r.SS}, {"fs_base", "", &r.FSBase},
		{"gs_base", "", &r.GSBase}, {"ds", "", &r.DS}, {"es", "", &r.ES}, {"fs", "", &r.FS}, {"gs", "", &r.GS},
	}
}

// Changed names the registers that differ from before, in order.
func (r Regs) Changed(before Regs) []string {
	var names []string
	old := before.All()
	for i, reg := range r.All() {
		if i < len(old) && old[i].Name == reg.Name && old[i].Value != reg.Value {
			names = append(names, reg.Name)
		}
	}
	return names
}

// GetRegs reads all registers in one request, in any stop. ESRCH: not stopped,
// not ours, or gone. The manual: ptrace(2), PTRACE_GETREGS; arm64 has none.
func (c *Tracee) GetRegs() (Regs, error) {
	var r Regs
	err := c.tracer.ptrace(&Call{Request: GetRegs, TID: c.TID, Pointer: "&regs"}, bufferOf(&r))
	return r, err
}

// SetRegs writes all registers in one request, in any stop. EIO: a value that
// a register cannot take. The manual: ptrace(2), PTRACE_SETREGS.
func (c *Tracee) SetRegs(r Regs) error {
	return c.tracer.ptrace(&Call{Request: SetRegs, TID: c.TID, Pointer: "&regs"}, bufferOf(&r))
}

// ntPRStatus is NT_PRSTATUS of <elf.h>: the general registers.
const ntPRStatus = 1

// GetRegSet reads the general registers in the tracee's own layout into buf and
// returns how many bytes the kernel filled: 216 for x86-64, 68 for i386. The
// manual: ptrace(2), PTRACE_GETREGSET.
func (c *Tracee) GetRegSet(buf []byte) (int, error) {
	return c.tracer.regset(&Call{Request: GetRegSet, TID: c.TID, Addr: ntPRStatus}, buf)
}
