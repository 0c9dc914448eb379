// Package trapflag tells the traps of a tracer's steps from those of the program's
// own, and hides from the program the trap flag by which it is stepped. The kernel hides it from PTRACE_GETREGS, but pushf stores what the processor has:
// arch/x86/kernel/step.c. A program that pops those flags afterwards has the flag as
// its own, and dies of the next SIGTRAP.
package trapflag

import (
	"ptwalk/tracer"
	"ptwalk/tracer/x86"
)

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
