package stage

import (
	"errors"
	"syscall"

	"ptwalk/tracer"
	"ptwalk/tracer/doctor"
)

// maxRegSet is more than any set of registers has today, in bytes.
const maxRegSet = 16384

// RegSet reads a register set in the tracee's own layout.
func (c *Child) RegSet(set tracer.Set) []byte {
	buf := make([]byte, maxRegSet)
	n, err := c.Tracee.GetRegSet(set, buf)
	c.must(err)
	return buf[:n]
}

// SetRegSet writes a register set.
func (c *Child) SetRegSet(set tracer.Set, buf []byte) {
	_, err := c.Tracee.SetRegSet(set, buf)
	c.must(err)
}

// SetRegs writes all registers.
func (c *Child) SetRegs(r tracer.Regs) { c.must(c.Tracee.SetRegs(r)) }

// FPRegs reads the registers of x87 and SSE.
func (c *Child) FPRegs() tracer.FPRegs {
	r, err := c.Tracee.GetFPRegs()
	c.must(err)
	return r
}

// SetFPRegs writes them.
func (c *Child) SetFPRegs(r tracer.FPRegs) { c.must(c.Tracee.SetFPRegs(r)) }

// ThreadArea reads an entry of thread-local storage from the descriptor table.
func (c *Child) ThreadArea(index uint32) tracer.UserDesc {
	desc, err := c.Tracee.GetThreadArea(index)
	c.must(err)
	return desc
}

// SetThreadArea writes one.
func (c *Child) SetThreadArea(index uint32, desc tracer.UserDesc) {
	c.must(c.Tracee.SetThreadArea(index, desc))
}

// ArchPrctl does arch_prctl(2) for the child, and returns what that reads.
func (c *Child) ArchPrctl(code tracer.ArchCode, w tracer.Word) tracer.Word {
	got, err := c.Tracee.ArchPrctl(code, w)
	c.must(err)
	return got
}

// PeekDebugReg reads a debug register.
func (c *Child) PeekDebugReg(n int) tracer.Word {
	w, err := c.Tracee.PeekDebugReg(n)
	c.must(err)
	return w
}

// PokeDebugReg writes a debug register. A machine that has none to use ends the run
// with the doctor's diagnosis.
func (c *Child) PokeDebugReg(n int, w tracer.Word) {
	err := c.Tracee.PokeDebugReg(n, w)
	if errno := syscall.Errno(0); errors.As(err, &errno) && errno != syscall.ESRCH {
		c.s.Refuse(doctor.DebugRegisters(errno))
	}
	c.must(err)
}

// WaitForTrap is Wait for a stop that a debug register makes. A machine on which the
// child runs through instead ends the run with the doctor's diagnosis.
func (c *Child) WaitForTrap() tracer.Stop {
	stop := c.Wait()
	if stop.Kind == tracer.Exited {
		c.s.Refuse(doctor.DebugRegisters(0))
	}
	return stop
}
