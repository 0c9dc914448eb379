package stage

import (
	"errors"
	"syscall"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/trapflag"
	"ptwalk/tracer/x86"
)

// Instruction reads and decodes the instruction that the child is about to
// execute. It is event and text only when it has been executed: see Row.
func (c *Child) Instruction(r tracer.Regs) disasm.Inst {
	return c.decode(tracer.Addr(r.RIP), r.Arch())
}

func (c *Child) decode(a tracer.Addr, arch tracer.Arch) disasm.Inst {
	return disasm.Decode(c.code(a), a, arch)
}

// code is as much as an instruction may take, or what there is.
func (c *Child) code(a tracer.Addr) []byte {
	code := make([]byte, x86.LongestInstruction)
	n, err := c.Tracee.ReadAt(code, a)
	if err != nil {
		n = 0 // the [vsyscall] page, or a jump to nowhere: the row says so
		c.unreadable(err)
	}
	return code[:n]
}

// StepWithCare has Row hide its steps from the program: see [trapflag.Stepper].
func (c *Child) StepWithCare() { c.stepper.Care = true }

// ToDeliver prepares the child for what comes after a Row, and returns the signal
// that the next restart has to deliver: that of the stop, unless we have caused it.
func (c *Child) ToDeliver() tracer.Signal {
	if c.last.stop.Ended() {
		return 0
	}
	return c.stepper.After(c.last.stop, c.last.info, c.last.after)
}

// Leave is for a child that is stepped no more.
func (c *Child) Leave() { c.stepper.Leave() }

// Overtaken says whether a SIGTRAP after the steps is that of the last of them,
// which another signal has overtaken.
func (c *Child) Overtaken(info tracer.SigInfo, pc tracer.Addr) bool {
	return c.stepper.Trap(info, pc).Cause() == trapflag.Late
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
			stop, err = c.waitAndTell()
		}
		c.must(err)
	})
	return stop
}

// Executed is how many instructions Row has seen executed.
func (c *Child) Executed() uint64 { return c.executed }

// Idle is how many rows, up to the last, have executed nothing; or how often, if
// that is more, the machine has not got past the same icebp.
func (c *Child) Idle() int { return max(c.idle, c.stuck) }

func (c *Child) stepRow(sig tracer.Signal) (stop tracer.Stop, err error) {
	t := stepResult{sig: sig, inCall: c.inCall}
	if t.before, err = c.Tracee.GetRegs(); err != nil {
		return stop, err
	}
	c.stepper.Tracee = c.Tracee
	bytes := c.code(t.before.PC())
	t.inst = disasm.Decode(bytes, t.before.PC(), t.before.Arch())
	t.label = c.label(t.before.PC())
	if stop, err = c.stepper.Step(t.before, bytes, t.inst.Len(), sig, c.waitAndTell); err != nil {
		return stop, err
	}
	t.stop = stop
	c.last = t
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
	if t.trapped() {
		t.cause = c.stepper.Trap(*t.info, t.after.PC()).Cause()
	}
	c.last = t
	if t.restarted() {
		t.inst = c.decode(tracer.Addr(t.after.RIP)-x86.CallInstruction, t.after.Arch())
		t.before.RAX = t.after.OrigRAX // restart_syscall, or the same call again
	}
	c.inCall = stop.Kind == tracer.EventStop
	c.row(t)
	return stop, nil
}

func (c *Child) row(t stepResult) {
	meaning := t.idle()
	debug := t.trapped() && t.cause == trapflag.Debug
	switch {
	case meaning == "":
		meaning = t.meaning()
		c.executed++
		c.idle = 0
		if debug {
			c.stuck = 0
		}
	case debug:
		c.stuck++
		fallthrough
	default:
		c.idle++
	}
	if c.names != nil && (t.inst.EntersKernel() || t.stop.Kind == tracer.EventStop) {
		c.names.stale = true
	}
	c.s.emit(&event.Instruction{TID: c.TID(), Addr: t.inst.Addr, Bytes: t.inst.Bytes,
		Text: t.inst.Text, Meaning: meaning, Label: t.label})
}
