// Package deathsig takes from a program the signal that it gets when its parent ends.
//
// The kernel kills a program that a tracer has started if the tracer dies before
// PTRACE_O_EXITKILL is set, by PR_SET_PDEATHSIG. After that it is not needed any more,
// and the program could ask for it. So the first system call is made twice: the first
// time the program calls prctl(PR_SET_PDEATHSIG, 0), and then it goes back to its own
// call.
package deathsig

import (
	"ptwalk/tracer"
	"ptwalk/tracer/x86"
)

const setDeathSignal = 1 // PR_SET_PDEATHSIG of <linux/prctl.h>

// Drop is for the entry to a system call of arch, and makes it into that prctl. It
// returns the registers of the program's own call, for Return. Errors as those of
// [tracer.Tracee.GetRegs] and [tracer.Tracee.SetRegs].
func Drop(t *tracer.Tracee, arch tracer.Arch) (own tracer.Regs, err error) {
	own, err = t.GetRegs()
	if err != nil {
		return own, err
	}
	ours := own
	if arch == tracer.I386 {
		ours.OrigRAX, ours.RBX, ours.RCX = 172, setDeathSignal, 0
	} else {
		ours.OrigRAX, ours.RDI, ours.RSI = 157, setDeathSignal, 0
	}
	return own, t.SetRegs(ours)
}

// Return is for the exit from the prctl: the program makes its own call next. The
// kernel goes back in the same way where it restarts a call. Errors as those of
// [tracer.Tracee.SetRegs].
func Return(t *tracer.Tracee, own tracer.Regs) error {
	own.RIP -= x86.CallInstruction
	own.RAX, own.OrigRAX = own.OrigRAX, ^tracer.Word(0)
	return t.SetRegs(own)
}
