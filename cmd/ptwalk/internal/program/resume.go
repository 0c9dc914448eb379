package program

import (
	"errors"
	"os"
	"syscall"
	"time"

	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/trapflag"
	"ptwalk/tracer/user"
	"ptwalk/tracer/x86"
)

// Program is a program of somebody's, traced from its start.
type Program struct {
	*stage.Child
	s *stage.Stage
}

// Start makes a child that volunteers and becomes a program that keeps the files
// it is given. The error is that of [tracer.Tracer.Start]. If told is true the
// program has a pipe for its standard output, and output events tell what it
// writes; what its own children write after its end is lost.
func Start(s *stage.Stage, cmd tracer.Command, told bool) (*Program, error) {
	var r *os.File
	if told {
		var w *os.File
		var err error
		if r, w, err = os.Pipe(); err != nil {
			return nil, err
		}
		defer w.Close()
		cmd.Files = []*os.File{cmd.Files[0], w, cmd.Files[2]}
	}
	tracee, err := s.Tracer.Start(cmd)
	if err != nil {
		r.Close() // a nil file is no file to close, and says so
		return nil, err
	}
	p := &Program{s.Adopt(tracee, cmd.Argv[0], r), s}
	if told {
		p.Meanwhile = (&outputPump{s, p.Child, r}).meanwhile
	}
	return p, nil
}

// SignalToDeliver prepares the program to go on after a stop as it would without us, and
// returns the signal that the restart has to deliver. A SIGTRAP is dropped only if
// the tracer caused it: by a step, or by an event. In a group-stop it waits until
// somebody sends SIGCONT.
func (p *Program) SignalToDeliver(stop tracer.Stop) tracer.Signal {
	switch {
	case stop.Kind == tracer.GroupStop:
		p.awaitContinue()
		return 0
	case stop.Kind != tracer.SignalDelivery:
		return 0
	case stop.Signal != tracer.SIGTRAP:
		return stop.Signal
	}
	info, err := p.Tracee.SigInfo()
	if err != nil {
		return 0
	}
	switch info.Code {
	case tracer.TrapHandler:
		p.unblockTrap()
		return 0
	case tracer.TrapBrkpt, tracer.TrapTrace:
		trapflag.AfterStep(p.Tracee, p.Stepped().Bytes) // else a popf makes our flag the program's own
		return 0
	}
	return tracer.SIGTRAP
}

// awaitContinue waits until the program, which is stopped by job control, is about
// to go on.
func (p *Program) awaitContinue() {
	if p.Meanwhile != nil {
		defer p.Meanwhile()()
	}
	for !procfs.LeavesGroupStop(p.TID()) {
		p.s.Check()
		time.Sleep(5 * time.Millisecond)
	}
}

// unblockTrap unblocks SIGTRAP in a handler of SIGTRAP. The trap of the next step
// is forced: were SIGTRAP blocked, the kernel would throw the handler away.
func (p *Program) unblockTrap() {
	if mask, err := p.Tracee.GetSigMask(); err == nil && mask.Has(tracer.SIGTRAP) {
		p.Tracee.SetSigMask(mask.Without(tracer.SIGTRAP))
	}
}

// Resume is Cont for a program that somebody may have killed: Wait reports its end.
func (p *Program) Resume(sig tracer.Signal) {
	if err := p.Tracee.Cont(sig); !errors.Is(err, syscall.ESRCH) {
		p.s.Must(err)
	}
}

// LetRun ends the steps: the program's next restart is not one. Without this the
// kernel takes a trap flag that it has lost track of for the program's own.
func (p *Program) LetRun() {
	if flags, err := p.Tracee.PeekUser(user.EFLAGS); err == nil {
		p.Tracee.PokeUser(user.EFLAGS, flags&^x86.TF)
	}
}
