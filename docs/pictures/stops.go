package pictures

import "ptwalk/tracer"

// stops draws who stops whom: a call, by which the kernel stops a tracee, and what
// wait4 tells the tracer of it.
func stops() (*canvas, error) {
	const top, tall = 62, 50
	c := &canvas{title: "Who stops whom: the kernel alone stops a tracee, and wait4 tells the tracer", width: 760}
	c.text(20, 26, "head", "start", "somebody asks")
	c.text(392, 26, "head", "middle", "the kernel stops the tracee")
	c.text(740, 26, "head", "end", "the tracer hears of it by wait4")
	rows := []struct {
		where
		why string // what makes the kernel stop it
	}{
		{where{"01-traceme", 1, "execve"}, "execve by a tracee: a SIGTRAP"},
		{where{"01-traceme", 7, "PTRACE_SETOPTIONS"}, "the next execve: an event"},
		{where{"03-singlestep", 1, "PTRACE_SINGLESTEP"}, "the processor traps: a SIGTRAP"},
		{where{"05-attach", 1, "PTRACE_ATTACH"}, "it sends a SIGSTOP"},
		{where{"05-attach", 4, "PTRACE_INTERRUPT"}, "without a signal: an event"},
		{where{"05-attach", 6, "PTRACE_INTERRUPT"}, "job control has stopped it"},
	}
	for i, r := range rows {
		h, err := section(r.id, r.section)
		if err != nil {
			return nil, err
		}
		call, err := h.call(r.call)
		if err != nil {
			return nil, err
		}
		stop, err := h.stopAfter(r.call)
		if err != nil {
			return nil, err
		}
		y := top + i*tall
		who := "the tracer"
		if call.Call.By != tracer.ByTracer {
			who = "the child"
		}
		c.text(20, y, "code", "start", r.call)
		c.text(20, y+17, "soft", "start", who)
		c.arrow(186, y, 262, y)
		c.box("stopped", 268, y-18, 248, 30)
		c.text(392, y+2, "", "middle", r.why)
		c.arrow(522, y, 560, y)
		c.text(740, y, "code", "end", hex(stop.Stop.Status))
		c.text(740, y+17, "soft", "end", stop.Said())
	}
	c.height = top + len(rows)*tall - 14
	return c, nil
}
