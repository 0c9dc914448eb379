package tracer

// FPRegs is struct user_fpregs_struct of <sys/user.h>: the 512 bytes that the
// instruction fxsave writes, in its order.
type FPRegs struct {
	CWD, SWD, FTW, FOP uint16 // control, status, tags (one bit a register) and opcode of the x87
	RIP, RDP           uint64 // its last instruction and operand
	MXCSR, MXCRMask    uint32 // control and status of SSE, and the bits that exist
	ST                 [8][16]byte
	XMM                [16][16]byte
	_                  [96]byte
}

// GetFPRegs reads the registers of x87 and SSE in one request, in any stop. AVX is in
// [XState] alone. ESRCH: not stopped, not ours, or gone. The manual: ptrace(2),
// PTRACE_GETFPREGS.
func (c *Tracee) GetFPRegs() (FPRegs, error) {
	var r FPRegs
	err := c.tracer.ptrace(&Call{Request: GetFPRegs, TID: c.TID, Pointer: "&fpregs"}, bufferOf(&r))
	return brought(c, r, err)
}

// SetFPRegs writes them. EINVAL: a bit of MXCSR that the processor does not have. The
// manual: ptrace(2), PTRACE_SETFPREGS.
func (c *Tracee) SetFPRegs(r FPRegs) error {
	return c.tracer.ptrace(&Call{Request: SetFPRegs, TID: c.TID, Pointer: "&fpregs"}, bufferOf(&r))
}

// GetFPXRegs asks for the SSE registers as a 32-bit tracer does, which have the same
// layout. EIO: this tracer has 64 bits, and GetFPRegs holds them. It stands in
// <asm/ptrace-abi.h>, not in the manual.
func (c *Tracee) GetFPXRegs() (FPRegs, error) {
	var r FPRegs
	err := c.tracer.ptrace(&Call{Request: GetFPXRegs, TID: c.TID, Pointer: "&fpxregs"}, bufferOf(&r))
	return brought(c, r, err)
}

// SetFPXRegs asks to write them. EIO: as GetFPXRegs.
func (c *Tracee) SetFPXRegs(r FPRegs) error {
	return c.tracer.ptrace(&Call{Request: SetFPXRegs, TID: c.TID, Pointer: "&fpxregs"}, bufferOf(&r))
}
