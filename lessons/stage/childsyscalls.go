package stage

import "ptwalk/tracer"

// SysEmu restarts the child until the next system call, which is not executed.
func (c *Child) SysEmu(sig tracer.Signal) { c.must(c.Tracee.SysEmu(sig)) }

// SysEmuSingleStep steps one instruction, and executes no system call.
func (c *Child) SysEmuSingleStep(sig tracer.Signal) { c.must(c.Tracee.SysEmuSingleStep(sig)) }

// SingleBlock restarts the child until a branch is taken.
func (c *Child) SingleBlock(sig tracer.Signal) { c.must(c.Tracee.SingleBlock(sig)) }

// SetSyscallInfo changes the system call of the stop, or its result. Kernels before
// 6.16 refuse it: there it is made on the Tracee.
func (c *Child) SetSyscallInfo(info tracer.SyscallInfo) { c.must(c.Tracee.SetSyscallInfo(info)) }

// OldSetOptions sets options by their old request.
func (c *Child) OldSetOptions(o tracer.Option) { c.must(c.Tracee.OldSetOptions(o)) }

// SeccompFilter reads the instructions of a filter: how many, and then all.
func (c *Child) SeccompFilter(index uint64) []tracer.SockFilter {
	n, err := c.Tracee.SeccompFilterLen(index)
	c.must(err)
	filter := make([]tracer.SockFilter, n)
	_, err = c.Tracee.SeccompGetFilter(index, filter)
	c.must(err)
	return filter
}

// SeccompMetadata reads the flags of a filter.
func (c *Child) SeccompMetadata(index uint64) tracer.Metadata {
	m, err := c.Tracee.SeccompGetMetadata(index)
	c.must(err)
	return m
}

// RseqConfiguration reads what the child has given to rseq.
func (c *Child) RseqConfiguration() tracer.RseqConfiguration {
	r, err := c.Tracee.GetRseqConfiguration()
	c.must(err)
	return r
}

// DispatchConfig reads how the child's system calls are handed back to it.
func (c *Child) DispatchConfig() tracer.DispatchConfig {
	d, err := c.Tracee.GetSyscallUserDispatchConfig()
	c.must(err)
	return d
}

// SetDispatchConfig sets it.
func (c *Child) SetDispatchConfig(d tracer.DispatchConfig) {
	c.must(c.Tracee.SetSyscallUserDispatchConfig(d))
}
