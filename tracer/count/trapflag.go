package count

import (
	"ptwalk/tracer"
	"ptwalk/tracer/trapflag"
	"ptwalk/tracer/user"
	"ptwalk/tracer/x86"
	"ptwalk/tracer/x86/kind"
)

// cleanAfter is after the step of an instruction that may take the next one with
// it: then that one has stored the flags, a pushf on the stack and syscall in r11.
func (r *run) cleanAfter(th *thread) {
	if th.end == 0 {
		return
	}
	regs, err := th.tracee.GetRegs()
	switch {
	case r.refused(err), regs.PC() != th.end:
	case th.after == kind.Pushf:
		r.refused(trapflag.AfterPushf(th.tracee))
	case regs.R11&x86.TF != 0:
		r.refused(th.tracee.PokeUser(user.R11, regs.R11&^x86.TF))
	}
}

// lookForFlag asks whether the program has set the trap flag itself. The kernel
// hides the flag from PTRACE_PEEKUSER where a step has set it, and shows the
// program's own: arch/x86/kernel/step.c, TIF_FORCED_TF.
func (r *run) lookForFlag(th *thread) {
	flags, err := th.tracee.PeekUser(user.EFLAGS)
	if !r.refused(err) {
		th.selfStep = trapflag.IsOwn(flags)
		th.hasFlag = th.hasFlag || th.selfStep
	}
}

// cleanFrame is for the entry to a handler. It clears the trap flag in what the
// kernel has saved, if it is ours, and gives SIGTRAP back its block there.
func (r *run) cleanFrame(th *thread) {
	rsp, err := th.tracee.PeekUser(user.RSP)
	if r.refused(err) {
		return
	}
	frame := trapflag.FrameAt(th.tracee, tracer.Addr(rsp), th.arch())
	if !th.selfStep {
		frame.ClearFlag()
	}
	if th.hidTrap {
		frame.Block()
	}
}

// takeBack is at a stop after a restart with the flag set by hand, where that was not
// executed.
func (r *run) takeBack(th *thread) {
	if !th.byHand {
		return
	}
	th.byHand = false
	flags, err := th.tracee.PeekUser(user.EFLAGS)
	if !r.refused(err) && flags&x86.TF != 0 {
		r.refused(th.tracee.PokeUser(user.EFLAGS, flags&^x86.TF))
	}
}

// hideMask unblocks SIGTRAP after anything that may have blocked it: a system
// call, or the entry to a handler. The trap of a step is forced. If SIGTRAP were
// blocked, the kernel would unblock it and throw the program's handler away.
func (r *run) hideMask(th *thread) {
	mask, err := th.tracee.GetSigMask()
	if err != nil {
		return
	}
	th.hidTrap = mask.Has(tracer.SIGTRAP)
	if th.hidTrap {
		r.refused(th.tracee.SetSigMask(mask.Without(tracer.SIGTRAP)))
	}
}

// showMask gives SIGTRAP back its block at the entry to a system call, so that
// the program that asks for its mask, and its children, have it.
func (r *run) showMask(th *thread) {
	if !th.hidTrap {
		return
	}
	mask, err := th.tracee.GetSigMask()
	if err == nil {
		r.refused(th.tracee.SetSigMask(mask.With(tracer.SIGTRAP)))
	}
}
