package count

import (
	"encoding/binary"

	"ptwalk/tracer"
	"ptwalk/tracer/trapflag"
	"ptwalk/tracer/user"
	"ptwalk/tracer/x86"
	"ptwalk/tracer/x86/kind"
)

// popLoads are the flags that popf loads in user mode and that the kernel lets us
// write. The others stay, and RF is cleared.
const popLoads = x86.CF | x86.PF | x86.AF | x86.ZF | x86.SF | x86.DF | x86.OF | x86.NT | x86.AC

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

// popFlags carries out a popf of the given length. It says false where the
// processor has to do it: where the stack cannot be read or its alignment is
// checked, and where the flags set TF or change ID, which is not ours to write.
func (r *run) popFlags(th *thread, length int, wide bool) bool {
	rsp, err := th.tracee.PeekUser(user.RSP)
	if err != nil {
		return false
	}
	old, err := th.tracee.PeekUser(user.EFLAGS)
	if err != nil {
		return false
	}
	size, loads := 8, tracer.Word(popLoads)
	if th.is32() {
		size = 4
		rsp &= 0xffffffff
	}
	if wide {
		size, loads = 2, loads&0xffff
	}
	if old&x86.AC != 0 && rsp%tracer.Word(size) != 0 {
		return false
	}
	var stack [8]byte
	if n, err := th.tracee.ReadAt(stack[:size], tracer.Addr(rsp)); err != nil || n < size {
		return false
	}
	popped := tracer.Word(binary.LittleEndian.Uint64(stack[:]))
	if popped&x86.TF != 0 || !wide && (popped^old)&x86.ID != 0 {
		return false
	}
	flags := old&^(loads|x86.RF|x86.TF) | popped&loads
	for _, poke := range []struct {
		register uint64
		value    tracer.Word
	}{
		{user.EFLAGS, flags},
		{user.RSP, rsp + tracer.Word(size)},
		{user.RIP, tracer.Word(th.rip) + tracer.Word(length)},
	} {
		if r.refused(th.tracee.PokeUser(poke.register, poke.value)) {
			return true
		}
	}
	return true
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
