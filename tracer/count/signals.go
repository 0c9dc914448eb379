package count

import (
	"ptwalk/tracer"
	"ptwalk/tracer/trapflag"
	"ptwalk/tracer/x86/kind"
)

// signalStop is at a signal-delivery-stop. A SIGTRAP is ours if it is that of a
// step or of the entry to a handler. All else is the program's, and passed on.
func (r *run) signalStop(th *thread, stop tracer.Stop) {
	if stop.Signal != tracer.SIGTRAP {
		r.takeBack(th)
	}
	if th.attached && stop.Signal == tracer.SIGSTOP {
		th.attached = false
		r.resume(th, 0)
		return
	}
	if stop.Signal == tracer.SIGTRAP {
		r.trap(th)
		return
	}
	r.stops++
	r.signals[stop.Signal]++
	r.ending.started.Saw(stop.Signal)
	th.last = afterSignal
	r.resume(th, stop.Signal)
}

// trap is at a SIGTRAP. The kernel is asked for its si_code only where rip
// leaves a doubt: after a plain step that moved on, nothing but the step can
// have stopped it.
func (r *run) trap(th *thread) {
	pc, err := th.tracee.PC()
	if r.refused(err) {
		return
	}
	if th.doing == plainStep && pc != th.rip {
		th.next, th.known = pc, true
		r.step(th)
		return
	}
	info, err := th.tracee.SigInfo()
	if r.refused(err) {
		return
	}
	trap := trapflag.Of(info, pc)
	trap.Kind, trap.Own, trap.Delivered = th.kind, th.selfStep, th.delivered
	cause := trap.Cause()
	if cause != trapflag.Step {
		r.takeBack(th)
	}
	th.byHand = false // what was executed has loaded the flag anew
	switch cause {
	case trapflag.Step, trapflag.Late, trapflag.Both:
		r.step(th)
	case trapflag.Debug:
		r.ownTrap(th, pc)
	case trapflag.Entry:
		r.stops++
		r.cleanFrame(th)
		th.selfStep = false // the frame keeps it, for sigreturn
		hid := th.hidTrap
		r.hideMask(th)
		th.hidTrap = th.hidTrap || hid
		th.unsettled = true
		r.resume(th, 0)
	case trapflag.Int3:
		if th.hidTrap {
			r.trapAgain(th)
			return
		}
		r.stops++
		r.signals[tracer.SIGTRAP]++
		r.count(th, th.rip)
		if code := th.space.code; code != nil && code.HasPlanted(th.rip) {
			th.moved = th.rip
		}
		if !r.ending.begun() {
			r.resume(th, tracer.SIGTRAP)
		}
	default:
		r.stops++
		r.signals[tracer.SIGTRAP]++
		r.ending.started.Saw(tracer.SIGTRAP)
		th.last = afterSignal
		r.resume(th, tracer.SIGTRAP)
	}
}

// step is after an instruction.
func (r *run) step(th *thread) {
	its := th.selfStep
	switch {
	case trapflag.Loads(th.kind, its):
		r.lookForFlag(th)
	case th.kind == kind.Pushf:
		r.refused(trapflag.AfterPushf(th.tracee))
	case th.kind == kind.Held || th.kind == kind.CPUID:
		r.cleanAfter(th)
	}
	r.stops++
	r.stepped++
	r.count(th, th.rip)
	if th.doing == plainStep {
		th.space.remember(th.rip)
	}
	if r.ending.begun() {
		return
	}
	if its { // the trap is the program's as well as ours
		th.last = afterSignal
		r.resume(th, tracer.SIGTRAP)
		return
	}
	r.resume(th, 0)
}

// trapAgain executes an int3 of a program that blocks SIGTRAP once more, with the
// block: then the kernel ends the program by it, though it has a handler.
func (r *run) trapAgain(th *thread) {
	r.showMask(th)
	th.hidTrap = false
	if !r.refused(th.tracee.SetPC(th.rip)) {
		r.refused(th.tracee.SingleStep(0))
	}
}

// patience is how often an icebp may stop without moving on.
const patience = 100

// ownTrap is after an icebp. Its trap is the program's, though its si_code is
// that of a step, and is passed on. Where the processor has not moved on, the
// instruction was not executed; if that goes on, the count ends.
func (r *run) ownTrap(th *thread, pc tracer.Addr) {
	r.stops++
	r.signals[tracer.SIGTRAP]++
	if pc != th.rip {
		th.stuck = 0
		r.count(th, th.rip)
	} else if th.stuck++; th.stuck == patience {
		r.stuckAt = th.rip
		r.ending.end(NoProgress)
	}
	if !r.ending.begun() {
		r.resume(th, tracer.SIGTRAP)
	}
}
