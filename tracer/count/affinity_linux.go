package count

import (
	"golang.org/x/sys/unix"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
)

// affinity keeps the tracer and what it counts on one CPU: then a stop is a
// hand-over, and no other CPU has to be woken. A thread has its own mask back
// during its system calls, so that it, its threads and its children find what
// they would find without us. See sched_setaffinity(2).
type affinity struct {
	on    bool
	cpu   int
	ours  unix.CPUSet                // the tracer's mask, for the end
	masks map[tracer.TID]unix.CPUSet // each thread's own, while it is held
}

// begin holds the tracer's thread where it runs. Where that is refused, nothing
// is held.
func (a *affinity) begin() {
	stat, ok := procfs.StatOf(procfs.Self)
	cpu := stat.Processor
	if !ok || cpu == procfs.Unknown || unix.SchedGetaffinity(0, &a.ours) != nil || a.ours.Count() < 2 || unix.SchedSetaffinity(0, only(cpu)) != nil {
		return
	}
	a.on, a.cpu, a.masks = true, cpu, map[tracer.TID]unix.CPUSet{}
}

func only(cpu int) *unix.CPUSet {
	var set unix.CPUSet
	set.Set(cpu)
	return &set
}

// end gives the tracer's thread its mask back.
func (a *affinity) end() {
	if a.on {
		a.on = false
		unix.SchedSetaffinity(0, &a.ours)
	}
}

// hold takes a stopped thread to our CPU. If its own mask, which a system call
// may have changed, does not have that one, we go to a CPU of its.
func (a *affinity) hold(tid tracer.TID) {
	var mask unix.CPUSet
	if !a.on || unix.SchedGetaffinity(int(tid), &mask) != nil {
		return
	}
	if !mask.IsSet(a.cpu) && !a.follow(mask) {
		return
	}
	if mask.Count() > 1 && unix.SchedSetaffinity(int(tid), only(a.cpu)) == nil {
		a.masks[tid] = mask
	}
}

func (a *affinity) follow(mask unix.CPUSet) bool {
	for cpu := range len(mask) * 64 {
		if mask.IsSet(cpu) && a.ours.IsSet(cpu) && unix.SchedSetaffinity(0, only(cpu)) == nil {
			a.cpu = cpu
			return true
		}
	}
	return false
}

// release gives a stopped thread its own mask back.
func (a *affinity) release(tid tracer.TID) {
	if mask, ok := a.masks[tid]; ok {
		unix.SchedSetaffinity(int(tid), &mask)
		delete(a.masks, tid)
	}
}
