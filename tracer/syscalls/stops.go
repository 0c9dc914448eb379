package syscalls

import (
	"ptwalk/tracer"
)

// handle answers a stop. The error is a failure of ours: a thread that was killed
// meanwhile is none.
func (r *run) handle(stop tracer.Stop) error {
	err := r.answer(stop)
	if gone(err) {
		return nil
	}
	return err
}

func (r *run) answer(stop tracer.Stop) error {
	th := r.threads[stop.TID]
	switch {
	case stop.Ended():
		r.over(th, stop)
		return nil
	case th == nil:
		if th = r.arrival(stop); th == nil {
			return nil
		}
	}
	if stop.Kind == tracer.EventStop {
		if err := r.event(th, stop); err != nil {
			return err
		}
		th = r.threads[stop.TID]
	}
	if r.leaves() {
		sig := tracer.Signal(0)
		if stop.Kind == tracer.SignalDelivery && !(th.born && stop.Signal == tracer.SIGSTOP) {
			sig = stop.Signal
		}
		return r.letGo(th, sig)
	}
	switch stop.Kind {
	case tracer.SyscallEnter, tracer.SyscallExit:
		return r.syscallStop(th, stop)
	case tracer.GroupStop:
		return r.groupStop(th, stop)
	case tracer.SignalDelivery:
		return r.signalStop(th, stop)
	}
	return r.goOn(th, 0)
}

// event takes note of a new tracee, and of an execve.
func (r *run) event(th *thread, stop tracer.Stop) error {
	switch stop.Event {
	case tracer.EventFork, tracer.EventVfork, tracer.EventClone:
		msg, err := th.EventMsg()
		if child := tracer.TID(msg); r.early[child] {
			delete(r.early, child)
		} else if err == nil {
			r.expected[child] = true
		}
		return err
	case tracer.EventExec:
		return r.execed(th)
	}
	return nil
}

// seen takes note of a tracee that has stopped or ended for the first time.
func (r *run) seen(tid tracer.TID) {
	if r.expected[tid] {
		delete(r.expected, tid)
	} else {
		r.early[tid] = true
	}
}

// arrival meets a tracee that an option has attached. Its first stop can come before the
// event that announces it. Without Follow there is only one way to get here: the program
// has called clone with CLONE_PTRACE. Then we let go.
func (r *run) arrival(stop tracer.Stop) *thread {
	like := &tracer.Tracee{Started: r.cfg.PID == 0, Seized: r.cfg.PID != 0}
	tracee := r.tracer.Adopt(stop.TID, like)
	if !r.cfg.Follow {
		sig := stop.Signal
		if stop.Kind != tracer.SignalDelivery || sig == tracer.SIGSTOP {
			sig = 0
		}
		tracee.Detach(sig)
		return nil
	}
	r.seen(stop.TID)
	th := r.meet(tracee)
	th.born = !tracee.Seized
	if !tracee.Seized {
		tracee.SetOptions(r.options())
	}
	return th
}

// over takes note of an end.
func (r *run) over(th *thread, stop tracer.Stop) {
	if th == nil && stop.TID != r.main {
		delete(r.expected, stop.TID)
	}
	if th != nil && !r.quiet {
		r.cfg.Observer.Ended(stop)
	}
	delete(r.threads, stop.TID)
	r.started.Remove(stop.TID)
	if stop.TID == r.main {
		r.end = stop
	}
}

// syscallStop is at the entry to a system call or at its exit.
func (r *run) syscallStop(th *thread, stop tracer.Stop) error {
	info, err := th.GetSyscallInfo()
	if gone(err) {
		return nil
	}
	var e Entry
	enters := stop.Kind == tracer.SyscallEnter
	var result int64
	var failed bool
	if err == nil {
		enters = info.Op() == tracer.SyscallInfoEntry
		e = Entry{Arch: info.Arch(), Nr: info.Nr(), SP: info.SP()}
		for n := range e.Args {
			e.Args[n] = uint64(info.Arg(n))
		}
		result, failed = info.Result(), info.IsError()
	} else { // Linux before 5.3
		regs, err := th.GetRegs()
		if err != nil {
			return err
		}
		e = Entry{Arch: regs.Arch(), Nr: regs.SyscallNr(), SP: regs.SP()}
		for n := range e.Args {
			e.Args[n] = uint64(regs.Arg(n))
		}
		result = regs.Result()
		failed = -4095 <= result && result < 0
	}
	if enters {
		return r.enter(th, e)
	}
	return r.exit(th, result, failed)
}

func (r *run) enter(th *thread, e Entry) error {
	if ours, err := r.dropDeathSignal(th, e.Arch); ours || err != nil {
		return err
	}
	e.TID, e.Before = th.TID, th.before
	th.inCall, th.nr = true, e.Nr
	th.counts = r.cfg.Observer.Enter(e, th.Tracee)
	return r.goOn(th, 0)
}

// restartBlock is ERESTART_RESTARTBLOCK of include/linux/errno.h: restart_syscall
// comes next.
const restartBlock = 516

func (r *run) exit(th *thread, result int64, failed bool) error {
	switch {
	case th.own != nil:
		return r.ownCall(th)
	case th.inCall:
		th.inCall, th.before = false, -1
		if failed && result == -restartBlock {
			th.before = th.nr
		}
		r.cfg.Observer.Exit(th.TID, result, failed)
		r.counted(th.counts)
	}
	return r.goOn(th, 0)
}

// execed gives a thread its new image. A thread other than the first takes over the
// first one's tid, and the first one's end is not reported.
func (r *run) execed(leader *thread) error {
	msg, err := leader.EventMsg()
	if err != nil {
		return err
	}
	former := r.threads[tracer.TID(msg)]
	if former == nil || former == leader {
		return nil
	}
	delete(r.threads, former.TID)
	r.cfg.Observer.Replaced(leader.TID, former.TID)
	former.Tracee = leader.Tracee
	r.threads[leader.TID] = former
	return nil
}

// groupStop leaves a thread in the stop of its process.
func (r *run) groupStop(th *thread, stop tracer.Stop) error {
	r.cfg.Observer.Stopped(stop)
	if th.Seized {
		return th.Listen()
	}
	th.grouped = true
	return nil
}

// signalStop passes a signal on.
func (r *run) signalStop(th *thread, stop tracer.Stop) error {
	if th.born && stop.Signal == tracer.SIGSTOP {
		th.born = false
		return r.goOn(th, 0)
	}
	info, err := th.SigInfo()
	if err != nil {
		return err
	}
	r.started.Saw(stop.Signal)
	r.cfg.Observer.Signal(stop, info)
	return r.goOn(th, stop.Signal)
}
