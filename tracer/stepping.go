package tracer

import (
	"errors"
	"syscall"
)

// What a tracer needs beside SingleStep to step a program without a trace.

// SigSet is the kernel's sigset_t of x86-64: bit n-1 stands for signal n.
type SigSet uint64

// Has says whether sig is in the set.
func (s SigSet) Has(sig Signal) bool { return s&setOf(sig) != 0 }

// With is the set and sig.
func (s SigSet) With(sig Signal) SigSet { return s | setOf(sig) }

// Without is the set without sig.
func (s SigSet) Without(sig Signal) SigSet { return s &^ setOf(sig) }

func setOf(sig Signal) SigSet { return 1 << (sig - 1) }

// sigSetSize is what addr has to be: the size of the set in bytes.
const sigSetSize = 8

// GetSigMask reads the set of signals that the tracee blocks, in any stop.
// EINVAL: a wrong size. ESRCH: not stopped, not ours, or gone. The manual:
// ptrace(2), PTRACE_GETSIGMASK (since Linux 3.11).
func (c *Tracee) GetSigMask() (SigSet, error) {
	set, err := c.tracer.peek(&Call{Request: GetSigMask, TID: c.TID, Addr: sigSetSize, Pointer: "&mask"})
	return SigSet(set), err
}

// SetSigMask replaces the set of signals that the tracee blocks, in any stop.
// The kernel leaves out SIGKILL and SIGSTOP. Errors as GetSigMask. The manual:
// ptrace(2), PTRACE_SETSIGMASK (since Linux 3.11).
func (c *Tracee) SetSigMask(set SigSet) error {
	return c.tracer.ptrace(&Call{Request: SetSigMask, TID: c.TID, Addr: sigSetSize, Pointer: "&mask"}, bufferOf(&set))
}

// stoppedByTrap is the wait status of a step: stopped by SIGTRAP, no event.
const stoppedByTrap Status = Status(SIGTRAP)<<8 | 0x7f

// StepOn is what a loop of steps repeats: SingleStep without a signal, Wait for
// [Any], and PC. It returns the address and the zero Stop if this tracee has stopped
// for SIGTRAP and is no longer at from. Else it returns the stop that Wait
// has reported. Errors as Wait.
func (c *Tracee) StepOn(from Addr) (pc Addr, stop Stop, err error) {
	if c.tracer.Observer == nil {
		return c.stepOn(from)
	}
	return c.stepOnTold(from)
}

// stepOnTold is StepOn by the requests that an observer is told of.
func (c *Tracee) stepOnTold(from Addr) (pc Addr, stop Stop, err error) {
	if err := c.SingleStep(0); err != nil && !errors.Is(err, syscall.ESRCH) {
		return 0, Stop{}, err
	}
	stop, err = c.tracer.Wait(Any)
	if err != nil || stop.TID != c.TID || stop.Status != stoppedByTrap {
		return 0, stop, err
	}
	pc, err = c.PC()
	if err != nil || pc == from {
		return 0, stop, nil
	}
	return pc, Stop{}, nil
}
