package count

import (
	"ptwalk/tracer"
	"ptwalk/tracer/x86"
)

// The kernel kills the program if we die before PTRACE_O_EXITKILL is set, by
// PR_SET_PDEATHSIG. After that it is not needed any more, and the program could
// ask for it. So the first system call is made twice: the first time the program
// calls prctl(PR_SET_PDEATHSIG, 0), and then it goes back to its own call.

const setDeathSignal = 1 // PR_SET_PDEATHSIG of <linux/prctl.h>

// dropDeathSignal is at the entry to a system call. It says whether another call
// is made there in its place.
func (r *run) dropDeathSignal(th *thread, arch tracer.Arch) bool {
	if r.dropped {
		return false
	}
	r.dropped = true
	regs, err := th.tracee.GetRegs()
	if r.refused(err) {
		return true
	}
	ours := regs
	if arch == tracer.I386 {
		ours.OrigRAX, ours.RBX, ours.RCX = 172, setDeathSignal, 0
	} else {
		ours.OrigRAX, ours.RDI, ours.RSI = 157, setDeathSignal, 0
	}
	if r.refused(th.tracee.SetRegs(ours)) {
		return true
	}
	th.call = pendingCall{savedRegs: &regs}
	r.goOn(th)
	return true
}

// ownCall is at the exit from the call in its place. The kernel goes back in the
// same way where it restarts a call.
func (r *run) ownCall(th *thread, regs tracer.Regs) {
	regs.RIP -= x86.CallInstruction
	regs.RAX, regs.OrigRAX = regs.OrigRAX, ^tracer.Word(0)
	if !r.refused(th.tracee.SetRegs(regs)) {
		r.resume(th, 0)
	}
}
