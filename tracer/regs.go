package tracer

import (
	"strings"

	"ptwalk/tracer/names"
	"ptwalk/tracer/user"
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

// PC is the address of the next instruction.
func (r Regs) PC() Addr { return Addr(r.RIP) }

// SP is the stack pointer.
func (r Regs) SP() Addr {
	if r.Arch() == I386 {
		return Addr(r.RSP & 0xffffffff)
	}
	return Addr(r.RSP)
}

// SyscallNr is the number of the system call that the thread is in, or was in when a
// signal or a stop interrupted it; -1 outside one.
func (r Regs) SyscallNr() int64 { return int64(r.OrigRAX) }

// Result is what a system call has returned, at its exit: -errno if it failed.
func (r Regs) Result() int64 {
	if r.Arch() == I386 {
		return int64(int32(r.RAX))
	}
	return int64(r.RAX)
}

// Arg is argument n, 0 to 5, of the system call at whose entry the thread is, by the
// convention of the code that runs. 64-bit code that uses int 0x80 has its arguments
// where 32-bit code has them: [SyscallInfo.Arg] knows.
func (r Regs) Arg(n int) Word {
	if r.Arch() == I386 {
		return [...]Word{r.RBX, r.RCX, r.RDX, r.RSI, r.RDI, r.RBP}[n] & 0xffffffff
	}
	return [...]Word{r.RDI, r.RSI, r.RDX, r.R10, r.R8, r.R9}[n]
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
// architecture that runs: 27 of x86-64, or the 17 of i386.
func (r Regs) All() []Reg {
	var all []Reg
	r.each(r.Arch(), func(name string, w *Word) { all = append(all, Reg{name, *w}) })
	return all
}

// Get returns a register by its name in [Regs.All].
func (r Regs) Get(name string) (value Word, ok bool) {
	r.each(r.Arch(), func(is string, w *Word) {
		if strings.EqualFold(is, name) {
			value, ok = *w, true
		}
	})
	return value, ok
}

// Set changes a register by its name in [Regs.All], of either architecture, and
// says whether there is one.
func (r *Regs) Set(name string, value Word) (ok bool) {
	for _, arch := range names.Archs {
		r.each(arch, func(is string, w *Word) {
			if is == name {
				*w, ok = value, true
			}
		})
	}
	return ok
}

// each calls do for each register of an architecture, in the kernel's order.
func (r *Regs) each(arch Arch, do func(name string, w *Word)) {
	words := [user.Registers / 8]*Word{
		&r.R15, &r.R14, &r.R13, &r.R12, &r.RBP, &r.RBX, &r.R11, &r.R10, &r.R9, &r.R8,
		&r.RAX, &r.RCX, &r.RDX, &r.RSI, &r.RDI, &r.OrigRAX, &r.RIP, &r.CS,
		&r.EFLAGS, &r.RSP, &r.SS, &r.FSBase, &r.GSBase, &r.DS, &r.ES, &r.FS, &r.GS,
	}
	for i, reg := range names.Registers(arch) {
		if arch == I386 {
			i = order32[i] / 8
		}
		do(reg.Name, words[i])
	}
}

// order32 are the offsets, in a Regs, of the registers of user_regs_struct32.
var order32 = [...]int{
	user.RBX, user.RCX, user.RDX, user.RSI, user.RDI, user.RBP, user.RAX, user.DS, user.ES, user.FS, user.GS,
	user.OrigRAX, user.RIP, user.CS, user.EFLAGS, user.RSP, user.SS,
}

// fixedFlag is bit 1 of EFLAGS, which is 1 in the processor. Older kernels, up to
// Linux 6.1 at least, leave it 0 in what ptrace reads after execve, until the program
// has run.
const fixedFlag = 1 << 1

// Changed names the registers that differ from before, in order.
func (r Regs) Changed(before Regs) []string {
	r.EFLAGS |= fixedFlag
	before.EFLAGS |= fixedFlag
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
	return brought(c, r, err)
}

// SetRegs writes all registers in one request, in any stop. EIO: a value that
// a register cannot take. The manual: ptrace(2), PTRACE_SETREGS.
func (c *Tracee) SetRegs(r Regs) error {
	return c.tracer.ptrace(&Call{Request: SetRegs, TID: c.TID, Pointer: "&regs"}, bufferOf(&r))
}
