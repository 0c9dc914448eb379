package count

import (
	"ptwalk/tracer"
	"ptwalk/tracer/deathsig"
)

// dropDeathSignal is at the entry to a system call. It says whether another call
// is made there in its place.
func (r *run) dropDeathSignal(th *thread, arch tracer.Arch) bool {
	if r.dropped {
		return false
	}
	r.dropped = true
	own, err := deathsig.Drop(th.tracee, arch)
	if r.refused(err) {
		return true
	}
	th.call = pendingCall{savedRegs: &own}
	r.goOn(th)
	return true
}

// ownCall is at the exit from the call in its place.
func (r *run) ownCall(th *thread, own tracer.Regs) {
	if !r.refused(deathsig.Return(th.tracee, own)) {
		r.resume(th, 0)
	}
}
