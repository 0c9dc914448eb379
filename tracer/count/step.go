package count

import (
	"fmt"
	"syscall"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/trapflag"
	"ptwalk/tracer/user"
	"ptwalk/tracer/x86"
	"ptwalk/tracer/x86/kind"
)

// resume restarts a thread for its next instruction, with a signal to deliver
// or 0, or leaves it to wait for its turn.
func (r *run) resume(th *thread, sig tracer.Signal) {
	if !r.take(th, sig) {
		return
	}
	if th.space.code != nil {
		th.known = false
		if sig == 0 && r.runBlock(th) {
			return
		}
	}
	r.restart(th, sig)
}

// restart is resume without the engine.
func (r *run) restart(th *thread, sig tracer.Signal) {
	if !r.lookAhead(th) {
		return
	}
	th.delivered = sig != 0
	handled := sig != 0 && procfs.Catches(th.tracee.TID, sig)
	if sig != 0 && dumping.Has(sig) && !handled && th.space.code != nil {
		th.space.code.RemoveBreakpoints(th.tracee, 0, allMemory)
	}
	if th.last == afterSignal && !handled {
		if restarts, _ := th.interrupted(); restarts {
			th.rip -= x86.CallInstruction // the kernel goes back to the system call
			th.kind = kind.Call
		}
	}
	th.doing, th.unsettled = stepping, false
	if sig == 0 && th.kind == kind.Plain {
		th.doing = plainStep
	}
	if th.last == afterSignal {
		th.last = afterStep
	}
	if th.shown && !handled && th.kind != kind.Call {
		r.hideMask(th)
	}
	th.shown = false
	if th.kind == kind.Call && !handled {
		r.refused(th.tracee.Syscall(sig))
		return
	}
	if th.kind == kind.Held && th.after == kind.Int3 && !handled && !th.selfStep {
		r.refused(th.tracee.Cont(sig)) // a trap of ours would take the place of the program's
		return
	}
	if trapflag.ByHand(th.kind) && !handled && !th.selfStep {
		th.byHand = true
		r.refused(trapflag.StepByHand(th.tracee, sig))
		return
	}
	if th.doing == plainStep && !th.selfStep && r.pendingStep == nil {
		r.pendingStep = th
		return
	}
	r.refused(th.tracee.SingleStep(sig))
}

// lookAhead sees what the thread is about to execute. It says false where that is
// the end of the count.
func (r *run) lookAhead(th *thread) bool {
	if !th.known {
		pc, err := th.tracee.PC()
		if r.refused(err) {
			return false
		}
		th.next = pc
	}
	th.rip, th.known = th.next, false
	if th.space.code != nil {
		th.space.code.RemoveBreakpoints(th.tracee, th.rip, th.rip+x86.LongestInstruction)
	}
	if th.ownSegment() {
		r.ending.fail(fmt.Errorf("counting: %s runs code in a segment of its own, made by modify_ldt: its addresses do not tell where the code is", th.space.name))
		return false
	}
	in := th.look(th.rip)
	th.kind, th.after, th.end = in.Kind, in.after, in.end
	if in.Kind == kind.Held && in.after == kind.Call && !th.selfStep {
		th.kind = kind.Call // the two are one step, up to the stops of the call
	}
	switch why := th.space.closed; {
	case in.unreadable && why == "":
		r.ending.fail(errClosed(th.space.name, byFile))
		return false
	case in.unreadable, why != "" && in.Kind == kind.Pushf:
		r.ending.fail(errClosed(th.space.name, why))
		return false
	}
	return true
}

// stepOn makes the plain step that is pending. Where that leads to another plain
// instruction, and both were executed before, there is nothing to do but count,
// and it goes on. It returns the first stop that needs more than that.
func (r *run) stepOn() (stop tracer.Stop, ok bool, err error) {
	for r.pendingStep != nil {
		th := r.pendingStep
		r.pendingStep = nil
		rip, stop, err := th.tracee.StepOn(th.rip)
		if err != nil || stop.TID != 0 {
			return stop, err == nil, err
		}
		was, is := th.space.counter(th.rip), th.space.counter(rip)
		if was == nil || is == nil || r.instructions%64 == 0 || r.instructions+1 == r.cfg.Limit || r.ending.begun() {
			th.next, th.known = rip, true
			r.step(th)
			continue
		}
		*was++
		th.instructions++
		r.instructions++
		r.stops++
		r.stepped++
		th.rip, r.pendingStep = rip, th
	}
	return tracer.Stop{}, false, nil
}

// interrupted says whether a signal has interrupted the system call that the
// thread is on its way out of. Where the result is one of those that no program
// ever sees, the kernel will begin the call again, unless a handler runs. Else it
// is -EINTR.
func (th *thread) interrupted() (restarts, interrupted bool) {
	rax, err := th.tracee.PeekUser(user.RAX)
	if err != nil {
		return false, false
	}
	switch errno := -int(int32(rax)); {
	case errno == int(syscall.EINTR):
		return false, true
	case names.Restarts(errno):
		orig, err := th.tracee.PeekUser(user.OrigRAX)
		return err == nil && int64(orig) >= 0, false
	}
	return false, false
}

// syscallStop is at the entry to a system call or at its exit.
func (r *run) syscallStop(th *thread) {
	info, err := th.tracee.GetSyscallInfo()
	if gone(err) {
		return
	}
	entry := th.doing != inCall
	if err == nil {
		entry = info.Op() == tracer.SyscallInfoEntry
	}
	if !entry {
		th.doing = stepping
		r.callDone(th)
		return
	}
	th.doing = inCall
	key := callKey{info.Arch(), info.Nr()}
	if err != nil { // Linux before 5.3
		key = th.callByRegs()
	}
	if r.dropDeathSignal(th, key.arch) {
		return
	}
	r.syscalls[key]++
	if r.cfg.Call != nil {
		first := info.Arg(0)
		if err != nil {
			first, _ = th.tracee.PeekUser(firstArg(key.arch))
		}
		r.cfg.Call(Call{key.arch, key.nr, first})
	}
	th.call = pendingCall{exits: endsThread(key), returns: returns(key)}
	if th.call.exits {
		th.name = procfs.Comm(th.tracee.TID)
		r.exits++ // no stop will follow
		r.count(th, th.rip)
	}
	r.beforeCall(th, key, info)
	r.showMask(th)
	r.affinity.release(th.tracee.TID)
	r.goOn(th)
	r.pass(th)
}

// callDone is at the exit stop: the instruction has been executed.
func (r *run) callDone(th *thread) {
	call := th.call
	th.call = pendingCall{}
	if call.savedRegs != nil {
		r.ownCall(th, *call.savedRegs)
		return
	}
	r.stops++
	th.space.remapped(call)
	switch {
	case call.exits: // a filter has refused the exit
		r.exits--
	case !call.execed:
		r.count(th, th.rip)
		th.last = afterCall
	}
	if th.hasFlag || call.returns {
		r.lookForFlag(th)
	}
	th.unsettled = true
	r.affinity.hold(th.tracee.TID)
	r.afterCall(th, call)
	if r.ending.begun() {
		return
	}
	// A signal that has interrupted the call comes next. Until then rip, the result
	// and the mask of sigsuspend and its kind are the kernel's, which will use them.
	switch restarts, interrupted := th.interrupted(); {
	case restarts:
		th.hidTrap, th.shown = false, true
		r.refused(th.tracee.Syscall(0))
	case interrupted && procfs.SignalComes(th.tracee.TID):
		th.hidTrap, th.shown = false, true
		r.refused(th.tracee.SingleStep(0))
	default:
		r.hideMask(th)
		r.resume(th, 0)
	}
}

func (th *thread) callByRegs() callKey {
	nr, _ := th.tracee.PeekUser(user.OrigRAX)
	if th.is32() {
		return callKey{tracer.I386, int64(nr)}
	}
	return callKey{tracer.X8664, int64(nr)}
}

// firstArg is the register of a system call's first argument.
func firstArg(arch tracer.Arch) uint64 {
	if arch == tracer.I386 {
		return user.RBX
	}
	return user.RDI
}

// endsThread says whether a system call is exit or exit_group.
func endsThread(key callKey) bool {
	if key.arch == tracer.I386 {
		return key.nr == 1 || key.nr == 252
	}
	return key.nr == 60 || key.nr == 231
}

// returns says whether a system call is rt_sigreturn, or sigreturn of i386. They
// load the flags.
func returns(key callKey) bool {
	if key.arch == tracer.I386 {
		return key.nr == 119 || key.nr == 173
	}
	return key.nr == 15
}
