package states

import "ptwalk/tracer"

// restarts are the requests that let a stopped tracee run.
var restarts = map[string]bool{
	"PTRACE_CONT": true, "PTRACE_SINGLESTEP": true, "PTRACE_SYSCALL": true, "PTRACE_KILL": true,
	"PTRACE_SYSEMU": true, "PTRACE_SYSEMU_SINGLESTEP": true,
}

// call is what a call that has succeeded changes.
func (f *Follower) call(c *tracer.Call) {
	if c.Errno != 0 || c.Result < 0 {
		return
	}
	switch t := f.find(c.TID); {
	case c.Name == "fork":
		t = f.met(c.TID)
		t.Why, t.ours = "fork", true
	case c.By != tracer.ByTracer: // told by the child, and maybe when it was stopped already
		if t != nil && t.Is == Running {
			t.Why = c.Name
			t.Traced = t.Traced || c.Name == "PTRACE_TRACEME"
		}
	case c.Name == "wait4":
		if c.HasValue && c.Result > 0 {
			s := tracer.DecodeStatus(tracer.Status(c.Value))
			f.stop(tracer.TID(c.Result), s, s.Said())
		}
	case c.Name == "PTRACE_ATTACH", c.Name == "PTRACE_SEIZE":
		t = f.met(c.TID)
		t.Traced = true
		if t.Is == Running {
			t.Why = c.Name
		}
	case c.Name == "PTRACE_GETEVENTMSG":
		f.message(t, tracer.TID(c.Value))
	case t == nil:
	case restarts[c.Name]:
		t.Is, t.Why, t.group = Running, c.Name, false
	case c.Name == "PTRACE_DETACH":
		t.Traced, t.Why = false, "let go by PTRACE_DETACH"
		if signal := tracer.Signal(c.Data); !t.group && !signal.Stops() {
			t.Is = Running
		}
	case c.Name == "kill", c.Name == "tgkill":
		t.signal(tracer.Signal(c.Flag))
	case c.Name == "waitid": // ours ask for ends, and leave them to be reaped
		t.Is, t.Why = Zombie, "it has ended, and nobody has reaped it"
	}
}

// message is what an event has announced: a new tracee, or the number that a thread
// had before its execve, which is nobody's now.
func (f *Follower) message(parent *thread, tid tracer.TID) {
	if parent == nil || tid <= 0 {
		return
	}
	if known := f.find(tid); known != nil {
		if known != parent && parent.Why == "PTRACE_EVENT_EXEC stop" {
			known.Is, known.Why, known.Traced = Gone, "its execve has given it another number", false
		}
		return
	}
	for _, name := range []string{"PTRACE_EVENT_FORK stop", "PTRACE_EVENT_VFORK stop", "PTRACE_EVENT_CLONE stop"} {
		if parent.Why == name {
			t := f.met(tid)
			t.Traced, t.Why = true, "announced by "+name
		}
	}
}

// signal is a signal that was sent to the thread. A tracee stops for its tracer
// first, and wait4 tells of it.
func (t *thread) signal(sig tracer.Signal) {
	switch {
	case t.Is == Zombie || t.Is == Gone:
	case sig == tracer.SIGKILL:
		t.Is, t.Why = Running, "SIGKILL: it runs to its end"
	case t.Traced:
	case sig.Stops():
		t.Is, t.Why, t.group = Stopped, sig.String(), true
	case sig == tracer.SIGCONT && t.Is == Stopped:
		t.Is, t.Why, t.group = Running, sig.String(), false
	}
}
