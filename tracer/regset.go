package tracer

import (
	"slices"

	"ptwalk/tracer/names"
)

// Set is a kind of register set, as in <elf.h>.
type Set uint64

// The sets of x86 that a tracer reads. There are more: any number can be asked for.
const (
	PRStatus Set = 1     // NT_PRSTATUS: the general registers
	PRFPReg  Set = 2     // NT_PRFPREG: those of x87 and SSE, as in FPRegs
	XState   Set = 0x202 // NT_X86_XSTATE: all that the processor's xsave stores, AVX included
)

// String is the name in <elf.h>: "NT_PRSTATUS".
func (s Set) String() string {
	if name := names.MacroOf("NT_", uint64(s)); name != "" {
		return name
	}
	return Addr(s).String()
}

// RegSet is a register set that was read, in the tracee's own layout.
type RegSet struct {
	Set   Set
	Bytes []byte
}

// GetRegSet reads a register set in the tracee's own layout into buf and returns how
// many bytes the kernel filled: of NT_PRSTATUS 216 for x86-64, 68 for i386. Any stop.
// EINVAL: the tracee has no such set, or len(buf) is not a whole number of registers.
// ENODEV: the processor has none. ESRCH: not stopped, not ours, or gone. The manual:
// ptrace(2), PTRACE_GETREGSET (since Linux 2.6.34).
func (c *Tracee) GetRegSet(set Set, buf []byte) (int, error) {
	n, err := c.tracer.regset(&Call{Request: GetRegSet, TID: c.TID, Addr: uint64(set)}, buf)
	if to := c.tracer.reader(); to != nil && err == nil {
		to.Read(c.TID, RegSet{set, slices.Clone(buf[:n])})
	}
	return n, err
}

// SetRegSet writes a register set from buf, in the tracee's own layout, and returns how
// many bytes the kernel took. Any stop. EINVAL: as GetRegSet, or bits that a register
// cannot take. EFAULT: an XSAVE area that is too short or says wrong things of itself.
// The manual: ptrace(2), PTRACE_SETREGSET (since Linux 2.6.34).
func (c *Tracee) SetRegSet(set Set, buf []byte) (int, error) {
	return c.tracer.regset(&Call{Request: SetRegSet, TID: c.TID, Addr: uint64(set)}, buf)
}
