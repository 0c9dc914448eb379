package count

import (
	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
)

// event answers the stops that our options ask for.
func (r *run) event(th *thread, stop tracer.Stop) {
	msg, err := th.tracee.EventMsg()
	if err != nil {
		return // killed: the end is reported next
	}
	switch stop.Event {
	case tracer.EventFork, tracer.EventVfork, tracer.EventClone:
		if child := tracer.TID(msg); r.early[child] {
			delete(r.early, child)
		} else {
			r.expected[child] = true
		}
	case tracer.EventExec:
		th = r.execed(th, tracer.TID(msg))
		if r.ending.begun() {
			return
		}
	}
	r.goOn(th)
}

// goOn restarts a thread that stopped in the middle of a system call.
func (r *run) goOn(th *thread) {
	if err := th.tracee.Syscall(0); err != nil {
		r.refused(err)
	}
}

// execed gives a thread its new image. A thread other than the first takes over
// the first one's tid, and the first one's end is not reported.
func (r *run) execed(leader *thread, former tracer.TID) *thread {
	th := leader
	if caller := r.threads[former]; caller != nil && caller != leader {
		delete(r.threads, former)
		caller.tracee = leader.tracee
		r.threads[leader.tracee.TID] = caller
		th = caller
		r.leave(leader)
	}
	r.count(th, th.rip) // while it still belongs to the image that made the call
	th.call.execed = true
	delete(r.spaces, th.pid)
	th.space = r.spaceOf(th.pid)
	th.name = procfs.Comm(th.tracee.TID)
	th.hidTrap = false
	return th
}
