package stage

import "ptwalk/tracer"

// SetSigInfo replaces the siginfo of the stop.
func (c *Child) SetSigInfo(info tracer.SigInfo) { c.must(c.Tracee.SetSigInfo(info)) }

// PeekSigInfo reads up to n signals that wait, from number off of the queue on: the
// thread's own, or with tracer.PeekShared the process's.
func (c *Child) PeekSigInfo(off uint64, flags uint32, n int) []tracer.SigInfo {
	infos := make([]tracer.SigInfo, n)
	n, err := c.Tracee.PeekSigInfo(off, flags, infos)
	c.must(err)
	return infos[:n]
}

// SigMask reads the set of blocked signals.
func (c *Child) SigMask() tracer.SigSet {
	set, err := c.Tracee.GetSigMask()
	c.must(err)
	return set
}

// SetSigMask replaces it.
func (c *Child) SetSigMask(set tracer.SigSet) { c.must(c.Tracee.SetSigMask(set)) }

// PtraceKill makes the old request PTRACE_KILL. Wait reaps.
func (c *Child) PtraceKill() { c.must(c.Tracee.PtraceKill()) }
