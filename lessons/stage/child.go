package stage

import (
	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// Volunteered reports the PTRACE_TRACEME that the child's own code has made,
// once its exit status or its stop has proven that it went well.
func (c *Child) Volunteered() {
	c.s.emit(&event.Call{N: 1, Call: tracer.Call{
		Name: tracer.TraceMe.String(), Request: tracer.TraceMe, By: tracer.ByChild, TID: c.TID()}})
}

// Cont restarts the child until its next stop, with a signal or 0.
func (c *Child) Cont(sig tracer.Signal) { c.must(c.Tracee.Cont(sig)) }

// SingleStep restarts the child for one instruction.
func (c *Child) SingleStep(sig tracer.Signal) { c.must(c.Tracee.SingleStep(sig)) }

// Syscall restarts the child until the next entry to or exit from a system call.
func (c *Child) Syscall(sig tracer.Signal) { c.must(c.Tracee.Syscall(sig)) }

// Detach lets the child go on untraced.
func (c *Child) Detach(sig tracer.Signal) { c.must(c.Tracee.Detach(sig)) }

// SetOptions sets PTRACE_O_ options.
func (c *Child) SetOptions(o tracer.Option) { c.must(c.Tracee.SetOptions(o)) }

// Interrupt stops a seized child.
func (c *Child) Interrupt() { c.must(c.Tracee.Interrupt()) }

// Listen keeps a seized child in group-stop and listens for what comes.
func (c *Child) Listen() { c.must(c.Tracee.Listen()) }

// Kill sends SIGKILL. Wait reaps it.
func (c *Child) Kill() { c.must(c.Tracee.Kill()) }

// Signal sends a signal by kill(2).
func (c *Child) Signal(sig tracer.Signal) { c.must(c.Tracee.Signal(sig)) }

// SigInfo reads the siginfo of the stop.
func (c *Child) SigInfo() tracer.SigInfo {
	info, err := c.Tracee.SigInfo()
	c.must(err)
	return info
}

// EventMsg reads the message of a PTRACE_EVENT stop.
func (c *Child) EventMsg() tracer.Word {
	msg, err := c.Tracee.EventMsg()
	c.must(err)
	return msg
}

// PeekUser reads one word of the USER area.
func (c *Child) PeekUser(offset uint64) tracer.Word {
	w, err := c.Tracee.PeekUser(offset)
	c.must(err)
	return w
}

// PokeUser writes one word of the USER area.
func (c *Child) PokeUser(offset uint64, w tracer.Word) { c.must(c.Tracee.PokeUser(offset, w)) }

// PeekData reads one word of memory.
func (c *Child) PeekData(a tracer.Addr) tracer.Word {
	w, err := c.Tracee.PeekData(a)
	c.must(err)
	return w
}

// PokeData writes one word of memory.
func (c *Child) PokeData(a tracer.Addr, w tracer.Word) { c.must(c.Tracee.PokeData(a, w)) }

// Read copies n bytes of memory, and prints them unless they belong to a row.
func (c *Child) Read(a tracer.Addr, n int) []byte {
	p := make([]byte, n)
	var err error
	c.s.Showing(nil, func() { n, err = c.Tracee.ReadAt(p, a) })
	c.must(err)
	return p[:n]
}

// Regs reads all registers, and prints those that are named, or all.
func (c *Child) Regs(show ...string) tracer.Regs {
	var r tracer.Regs
	var err error
	c.s.Showing(show, func() { r, err = c.Tracee.GetRegs() })
	c.must(err)
	return r
}

// SyscallInfo reads PTRACE_GET_SYSCALL_INFO.
func (c *Child) SyscallInfo() tracer.SyscallInfo {
	info, err := c.Tracee.GetSyscallInfo()
	c.must(err)
	return info
}
