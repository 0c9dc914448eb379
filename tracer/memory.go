package tracer

import "slices"

// PeekUser reads one word of the tracee's USER area, at an offset in bytes that
// is a multiple of 8. EIO: a misaligned offset, or one outside the area. Any
// stop. The manual: ptrace(2), PTRACE_PEEKUSER; the layout: <sys/user.h>.
func (c *Tracee) PeekUser(offset uint64) (Word, error) {
	return c.tracer.peek(&Call{Request: PeekUser, TID: c.TID, Addr: offset})
}

// PokeUser writes one word of the USER area. EIO: as PeekUser, or a value that
// the register cannot take. Any stop. The manual: ptrace(2), PTRACE_POKEUSER.
func (c *Tracee) PokeUser(offset uint64, w Word) error {
	return c.tracer.ptrace(&Call{Request: PokeUser, TID: c.TID, Addr: offset, Data: uint64(w)}, buffer{})
}

// PeekData reads one 8-byte word of the tracee's memory. PeekText is the
// same on Linux. It passes page protections, as a debugger has to. EIO: an
// address that is not mapped, one byte of it being enough. Any stop. The
// manual: ptrace(2), PTRACE_PEEKDATA.
func (c *Tracee) PeekData(a Addr) (Word, error) {
	return c.tracer.peek(&Call{Request: PeekData, TID: c.TID, Addr: uint64(a)})
}

// PeekText is PeekData by its other name, for code. Errors as PeekData. The manual:
// ptrace(2), PTRACE_PEEKTEXT.
func (c *Tracee) PeekText(a Addr) (Word, error) {
	return c.tracer.peek(&Call{Request: PeekText, TID: c.TID, Addr: uint64(a)})
}

// PokeData writes one 8-byte word of the tracee's memory, code included. EIO:
// an address that is not mapped, or a shared mapping that is read-only. Any
// stop. The manual: ptrace(2), PTRACE_POKEDATA.
func (c *Tracee) PokeData(a Addr, w Word) error {
	return c.tracer.ptrace(&Call{Request: PokeData, TID: c.TID, Addr: uint64(a), Data: uint64(w)}, buffer{})
}

// PokeText is PokeData by its other name, for code. Errors as PokeData. The
// manual: ptrace(2), PTRACE_POKETEXT.
func (c *Tracee) PokeText(a Addr, w Word) error {
	return c.tracer.ptrace(&Call{Request: PokeText, TID: c.TID, Addr: uint64(a), Data: uint64(w)}, buffer{})
}

// ReadAt copies len(p) bytes of the tracee's memory from a, in one
// process_vm_readv(2). It needs no stop. It stops short at the edge of a
// mapping and then returns fewer bytes. EFAULT: nothing there can be read; it
// respects page protections, unlike PeekData.
func (c *Tracee) ReadAt(p []byte, a Addr) (int, error) {
	n, err := c.tracer.processVM(&Call{Name: "process_vm_readv", Request: notPtrace, TID: c.TID, Addr: uint64(a), Len: len(p)}, p)
	if to := c.tracer.reader(); to != nil && n > 0 {
		to.Read(c.TID, Memory{a, slices.Clone(p[:n])})
	}
	return n, err
}

// WriteAt copies p to the tracee's memory at a, in one process_vm_writev(2).
// EFAULT: nothing there can be written; code cannot, PokeData does that.
func (c *Tracee) WriteAt(p []byte, a Addr) (int, error) {
	return c.tracer.processVM(&Call{Name: "process_vm_writev", Request: notPtrace, TID: c.TID, Addr: uint64(a), Len: len(p)}, p)
}
