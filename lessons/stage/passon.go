package stage

import (
	"errors"
	"syscall"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/trapflag"
	"ptwalk/tracer/user"
	"ptwalk/tracer/x86"
)

// PassOn prepares the child to go on after a stop as it would without us, and
// returns the signal that the restart has to deliver. A SIGTRAP is dropped only if
// the tracer caused it: by a step, or by an event. In a group-stop it waits until
// somebody sends SIGCONT.
func (c *Child) PassOn(stop tracer.Stop) tracer.Signal {
	switch {
	case stop.Kind == tracer.GroupStop:
		c.awaitContinue()
		return 0
	case stop.Kind != tracer.SignalDelivery:
		return 0
	case stop.Signal != tracer.SIGTRAP:
		return stop.Signal
	}
	info, err := c.Tracee.SigInfo()
	if err != nil {
		return 0
	}
	switch info.Code {
	case tracer.TrapHandler:
		c.unblockTrap()
		return 0
	case tracer.TrapBrkpt, tracer.TrapTrace:
		trapflag.AfterStep(c.Tracee, c.stepped.Bytes) // else a popf makes our flag the program's own
		return 0
	}
	return tracer.SIGTRAP
}

// awaitContinue waits until the child, which is stopped by job control, is about to
// go on.
func (c *Child) awaitContinue() {
	defer c.flow.meanwhile()()
	for !procfs.LeavesGroupStop(c.TID()) {
		c.s.check()
		time.Sleep(5 * time.Millisecond)
	}
}

// unblockTrap unblocks SIGTRAP in a handler of SIGTRAP. The trap of the next step
// is forced: were SIGTRAP blocked, the kernel would throw the handler away.
func (c *Child) unblockTrap() {
	if mask, err := c.Tracee.GetSigMask(); err == nil && mask.Has(tracer.SIGTRAP) {
		c.Tracee.SetSigMask(mask.Without(tracer.SIGTRAP))
	}
}

// Resume is Cont for a child that somebody may have killed: Wait reports its end.
func (c *Child) Resume(sig tracer.Signal) {
	if err := c.Tracee.Cont(sig); !errors.Is(err, syscall.ESRCH) {
		c.must(err)
	}
}

// LetRun ends the steps: the child's next restart is not one. Without this the
// kernel takes a trap flag that it has lost track of for the program's own.
func (c *Child) LetRun() {
	if flags, err := c.Tracee.PeekUser(user.EFLAGS); err == nil {
		c.Tracee.PokeUser(user.EFLAGS, flags&^x86.TF)
	}
}
