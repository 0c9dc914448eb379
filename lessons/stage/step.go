package stage

import (
	"errors"
	"syscall"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/x86"
)

// Instruction reads and decodes the instruction that the child is about to
// execute. It is event and text only when it has been executed: see Row.
func (c *Child) Instruction(r tracer.Regs) disasm.Inst {
	return c.decode(tracer.Addr(r.RIP), r.Arch())
}

func (c *Child) decode(a tracer.Addr, arch tracer.Arch) disasm.Inst {
	code := make([]byte, x86.LongestInstruction)
	n, err := c.Tracee.ReadAt(code, a)
	if err != nil {
		n = 0 // the [vsyscall] page, or a jump to nowhere: the row says so
		c.unreadable(err)
	}
	return disasm.Decode(code[:n], a, arch)
}

// Row steps one instruction and prints it as a row of a table: the address, the
// bytes, the instruction, what it did, and the stop after it. Its requests are
// PTRACE_GETREGS, process_vm_readv, PTRACE_SINGLESTEP, wait4,
// PTRACE_GETSIGINFO and PTRACE_GETREGS again. Sig is delivered on the way.
// If a signal or its handler comes first, the row says so: see Executed. A child
// that somebody kills meanwhile has its end reported, and no row.
func (c *Child) Row(sig tracer.Signal) (stop tracer.Stop) {
	c.s.Briefly(func() {
		var err error
		if stop, err = c.stepRow(sig); errors.Is(err, syscall.ESRCH) {
			stop, err = c.wait()
			c.reported(stop)
		}
		c.must(err)
	})
	return stop
}

// Stepped is the instruction of the last Row.
func (c *Child) Stepped() disasm.Inst { return c.stepped }

// Executed is how many instructions Row has seen executed.
func (c *Child) Executed() uint64 { return c.executed }

func (c *Child) stepRow(sig tracer.Signal) (stop tracer.Stop, err error) {
	t := stepResult{sig: sig, inCall: c.inCall}
	if t.before, err = c.Tracee.GetRegs(); err != nil {
		return stop, err
	}
	t.inst = c.Instruction(t.before)
	if err := c.Tracee.SingleStep(sig); err != nil {
		return stop, err
	}
	if stop, err = c.wait(); err != nil {
		return stop, err
	}
	c.reported(stop)
	t.stop = stop
	if stop.Ended() {
		c.row(t)
		return stop, nil
	}
	if stop.Kind != tracer.GroupStop { // which has none
		info, err := c.Tracee.SigInfo()
		if err != nil {
			return stop, err
		}
		t.info = &info
	}
	if t.after, err = c.Tracee.GetRegs(); err != nil {
		return stop, err
	}
	if t.restarted() {
		t.inst = c.decode(tracer.Addr(t.after.RIP)-x86.CallInstruction, t.after.Arch())
		t.before.RAX = t.after.OrigRAX // restart_syscall, or the same call again
	}
	c.stepped, c.inCall = t.inst, stop.Kind == tracer.EventStop
	c.row(t)
	return stop, nil
}

func (c *Child) row(t stepResult) {
	meaning := t.idle()
	if meaning == "" {
		meaning = t.meaning()
		c.executed++
	}
	label := ""
	if c.Target.Source != "" {
		if sym, off, ok := c.Symbols().Find(t.inst.Addr); ok && off == 0 {
			label = sym.Name
		}
	}
	c.s.emit(&event.Instruction{TID: c.TID(), Addr: t.inst.Addr, Bytes: t.inst.Bytes,
		Text: t.inst.Text, Meaning: meaning, Label: label})
}
