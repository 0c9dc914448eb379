package stage

import (
	"errors"
	"fmt"
	"syscall"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/disasm/meaning"
	"ptwalk/tracer/doctor"
	"ptwalk/tracer/names"
	"ptwalk/tracer/trapflag"
)

// stepResult is one step: the registers around it, the signal that was delivered on
// the way, and the stop that followed. Info is nil where the stop has none.
type stepResult struct {
	inst          disasm.Inst
	label         string // of its place: see codeNames
	before, after tracer.Regs
	sig           tracer.Signal
	stop          tracer.Stop
	info          *tracer.SigInfo
	cause         trapflag.Cause // of a SIGTRAP
	inCall        bool           // the stop before was a PTRACE_EVENT stop inside a system call
}

// restarted says whether the step made an interrupted system call again. The
// kernel moves rip back to the call, and the step over it ends where it began:
// arch_do_signal_or_restart in arch/x86/kernel/signal.c.
func (t stepResult) restarted() bool {
	code := -int64(int32(t.before.RAX))
	return t.trapped() && t.info.Code == tracer.TrapBrkpt && t.stayed() && names.Restarts(int(code)) && int64(t.before.OrigRAX) >= 0
}

// trapped says whether the stop is a SIGTRAP, and no event.
func (t stepResult) trapped() bool {
	return t.stop.Kind == tracer.SignalDelivery && t.stop.Signal == tracer.SIGTRAP && t.info != nil
}

func (t stepResult) stayed() bool { return t.before.RIP == t.after.RIP }

// idle says why the step executed no instruction, or only tried to: "" if it
// did execute one.
func (t stepResult) idle() string {
	sig := t.stop.Signal
	switch {
	case t.stop.Kind == tracer.Killed && t.sig != 0 && sig == t.sig:
		return fmt.Sprintf("Not executed: %v ends the program.", sig)
	case t.stop.Kind == tracer.GroupStop:
		return fmt.Sprintf("Not executed yet: %v has stopped the process.", sig)
	case t.stop.Kind != tracer.SignalDelivery || t.info == nil:
		return ""
	case t.trapped():
		return t.idleTrap()
	case sig == tracer.SIGSYS && t.info.Code == 1:
		return "Not run: a seccomp filter refuses the system call, and the kernel sends SIGSYS."
	case !t.stayed():
		return ""
	case sig.Fault() && t.info.Code > 0:
		return t.fails()
	}
	return fmt.Sprintf("Not executed yet: %v is about to be delivered.", sig)
}

// idleTrap is idle at a SIGTRAP.
func (t stepResult) idleTrap() string {
	switch {
	case t.cause == trapflag.Entry:
		return fmt.Sprintf("Not executed yet: the handler of %v begins, at %v.", t.sig, t.after.PC())
	case t.cause == trapflag.Late:
		return "Not executed yet: this is the late trap of a system call."
	case !t.stayed():
		return ""
	case t.inCall:
		return "Not executed yet: the system call before it has ended."
	case t.cause == trapflag.Debug:
		return "It raises a debug exception, and this machine does not get past it: the kernel makes a SIGTRAP of it."
	case t.cause == trapflag.Program:
		return "Not executed yet: SIGTRAP is about to be delivered."
	}
	return "" // an instruction that repeats itself, or a jump to itself
}

// fails names the fault. Only SIGSEGV and SIGBUS have the address of the data,
// and not where the kernel says SI_KERNEL.
func (t stepResult) fails() string {
	text := fmt.Sprintf("It fails: the kernel makes %v of it, %s", t.stop.Signal, names.SICodeName(int(t.stop.Signal), int(t.info.Code)))
	if s := t.stop.Signal; (s == tracer.SIGSEGV || s == tracer.SIGBUS) && t.info.Code != tracer.SIKernel {
		text += fmt.Sprintf(", for the address %v", t.info.Address())
	}
	return text + "."
}

// meaning is the sentence of the row.
func (t stepResult) meaning() string {
	switch {
	case t.stop.Kind == tracer.Killed && t.stop.Signal == tracer.SIGSYS && t.inst.EntersKernel():
		return "Not run: a seccomp filter refuses the system call, and SIGSYS ends the program."
	case t.stop.Ended():
		return meaning.Intent(t.inst, t.before)
	case t.inst.EntersKernel() && !t.stayed() && names.Restarts(-int(int32(t.after.RAX))):
		return fmt.Sprintf("A signal interrupts the system call: rax is %d, %s, until the signal has been seen to.",
			int32(t.after.RAX), names.ErrnoName(-int(int32(t.after.RAX))))
	}
	text := meaning.Of(t.inst, t.before, t.after)
	if t.trapped() && t.cause == trapflag.Both {
		text += " The program has set the trap flag: SIGTRAP is about to be delivered."
	}
	return text
}

// unreadable tells once why a row has no instruction: the code may not be read.
func (c *Child) unreadable(err error) {
	if !errors.Is(err, syscall.EPERM) || c.closed {
		return
	}
	c.closed = true
	if d, ok := doctor.Request("process_vm_readv", int(c.TID()), syscall.EPERM); ok && !readsOurselves() {
		c.s.Note("The code cannot be read. %s Registers and stops stay open [%s].", d.Why, d.Code)
		return
	}
	c.s.Note("The code cannot be read: the program is not dumpable. It has asked for that with prctl(2), has changed its ids, " +
		"or its file may not be read. Its registers and its stops stay open. As root the code can be read too [PT-NODUMP].")
}
