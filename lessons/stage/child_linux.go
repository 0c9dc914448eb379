package stage

import "golang.org/x/sys/unix"

// KillNow sends SIGKILL from any goroutine, and tells nobody: for a timer. The
// tracer's own Wait reports the end.
func (c *Child) KillNow() { unix.Kill(int(c.TID()), unix.SIGKILL) }

// OneCPU runs do while we and the child are held on one CPU. Where that is
// refused, do runs without it. See sched_setaffinity(2).
func (s *Stage) OneCPU(child *Child, do func()) {
	var mask, one unix.CPUSet
	if unix.SchedGetaffinity(0, &mask) == nil {
		for cpu := 0; one.Count() == 0 && cpu < 1024; cpu++ {
			if mask.IsSet(cpu) {
				one.Set(cpu)
			}
		}
		for _, tid := range []int{0, int(child.TID())} {
			if unix.SchedSetaffinity(tid, &one) == nil {
				defer unix.SchedSetaffinity(tid, &mask)
			}
		}
	}
	do()
}
