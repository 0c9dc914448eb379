package stage

import "ptwalk/tracer"

// Born is a thread or a process that this child has made, and that an option such as
// PTRACE_O_TRACECLONE has made our tracee. It has no output of its own: what it writes
// comes with that of this child. It has to end under us: once let go, its number may
// become another's. See [tracer.Tracer.Adopt].
func (c *Child) Born(tid tracer.TID) *Child {
	born := &Child{s: c.s, Target: c.Target, Tracee: c.s.Tracer.Adopt(tid, c.Tracee), table: c.table, born: c.s.at()}
	c.s.track(born)
	return born
}
