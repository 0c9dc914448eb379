// Package trapflag hides from a program the trap flag by which it is stepped. The
// kernel hides it from PTRACE_GETREGS, but pushf stores what the processor has:
// arch/x86/kernel/step.c. A program that pops those flags afterwards has the flag as
// its own, and dies of the next SIGTRAP.
package trapflag

import (
	"ptwalk/tracer"
	"ptwalk/tracer/x86"
	"ptwalk/tracer/x86/kind"
)

// AfterStep is for the stop after a step over an instruction, of which code has the
// bytes. If it is a pushf, the flag is cleared in what it has stored. The error is
// that of a request.
func AfterStep(t *tracer.Tracee, code []byte) error {
	if kind.Of(code).Kind != kind.Pushf {
		return nil
	}
	return clearPushed(t, kind.Of(code))
}

// AfterPushf is AfterStep for what is known to be a pushf.
func AfterPushf(t *tracer.Tracee) error { return clearPushed(t, kind.Instruction{Kind: kind.Pushf}) }

func clearPushed(t *tracer.Tracee, in kind.Instruction) error {
	regs, err := t.GetRegs()
	if err != nil {
		return err
	}
	is32 := regs.Arch() == tracer.I386
	if in.In(is32) != kind.Pushf {
		return nil
	}
	rsp := regs.RSP
	if is32 {
		rsp &= 0xffffffff
	}
	Clear(t, tracer.Addr(rsp))
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
