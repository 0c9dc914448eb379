package syscalls

import (
	"errors"
	"syscall"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/seize"
)

// attach attaches to all threads of a process, and to those that are born meanwhile. None
// is stopped by it: the INTERRUPT that follows makes each stop once, so that it can be
// restarted up to its next call.
func (r *run) attach() error {
	r.main = r.cfg.PID
	known := map[tracer.TID]bool{}
	for more := true; more; {
		more = false
		tids, err := seize.Threads(r.main)
		if err != nil {
			return err
		}
		for _, tid := range tids {
			if known[tid] || r.leaving.Load() {
				continue
			}
			known[tid], more = true, true
			tracee, executes, err := seize.Next(&r.tracer, r.main, tid, r.tids(), r.options())
			switch {
			case errors.Is(err, syscall.ESRCH) && tid != r.main:
				continue // it is gone by now
			case err != nil && (tid == r.main && !procfs.Ended(tid) || len(tids) == 1):
				return err
			case err != nil:
				continue // a first thread that has ended, or a thread of another tracer
			}
			if executes {
				clear(known) // the threads are others now
				known[r.main] = true
			}
			r.meet(tracee)
		}
	}
	r.handling.Lock()
	defer r.handling.Unlock()
	if r.leaving.Load() {
		return nil
	}
	r.cfg.Observer.Attached(r.main, len(r.threads))
	for _, th := range r.threads {
		if err := th.Interrupt(); err != nil && !gone(err) {
			return err
		}
	}
	return nil
}

func (r *run) tids() (tids []tracer.TID) {
	for tid := range r.threads {
		tids = append(tids, tid)
	}
	return tids
}
