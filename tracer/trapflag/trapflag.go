// Package trapflag tells the traps of a tracer's steps from those of the program's
// own, and hides from the program the trap flag by which it is stepped. The kernel hides it from PTRACE_GETREGS, but pushf stores what the processor has:
// arch/x86/kernel/step.c. A program that pops those flags afterwards has the flag as
// its own, and dies of the next SIGTRAP.
package trapflag

import (
	"ptwalk/tracer"
	"ptwalk/tracer/user"
	"ptwalk/tracer/x86"
	"ptwalk/tracer/x86/kind"
)

// ByHand says whether [StepByHand] is to make the step over an instruction of this
// kind: it loads the flag.
func ByHand(k kind.Kind) bool { return k == kind.Popf || k == kind.Iret }

// StepByHand restarts a thread for one instruction that loads the flag, by setting
// the flag as the program's own. After a PTRACE_SINGLESTEP over it the kernel takes
// the flag of all later steps for the program's: enable_single_step in
// arch/x86/kernel/step.c. Where the thread stops without having executed it, the
// flag is still set, and the caller has to clear it. The error is that of a request.
func StepByHand(t *tracer.Tracee, sig tracer.Signal) error {
	flags, err := t.PeekUser(user.EFLAGS)
	if err != nil {
		return err
	}
	if err := t.PokeUser(user.EFLAGS, flags|x86.TF); err != nil {
		return err
	}
	return t.Cont(sig)
}

// AfterPushf is for the stop after a step over a pushf: the flag is cleared in what
// it has stored. The error is that of a request.
func AfterPushf(t *tracer.Tracee) error {
	regs, err := t.GetRegs()
	if err != nil {
		return err
	}
	Clear(t, regs.SP())
	return nil
}

// Clear clears the flag in flags that are stored at a: 8 bytes, or 4 in 32-bit code,
// or 2 where the operands have 16 bits. The memory may end behind those, so that one
// byte is changed. Memory that cannot be written stays as it is.
func Clear(t *tracer.Tracee, a tracer.Addr) {
	ChangeByte(t, a+1, func(b byte) byte { return b &^ (x86.TF >> 8) })
}

// ChangeByte changes one byte of the program's data, if that can be read and
// written.
func ChangeByte(t *tracer.Tracee, a tracer.Addr, to func(byte) byte) {
	var was [1]byte
	if n, _ := t.ReadAt(was[:], a); n == 1 && to(was[0]) != was[0] {
		t.WriteAt([]byte{to(was[0])}, a)
	}
}
