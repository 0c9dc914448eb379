package program

import (
	"errors"
	"os"
	"syscall"
	"time"

	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
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
	p.StepWithCare()
	if told {
		p.Meanwhile = (&outputPump{s, p.Child, r}).meanwhile
	}
	return p, nil
}

// Step is a row for one instruction, with a signal delivered on the way. It returns
// the stop, and what the next restart has to deliver.
func (p *Program) Step(sig tracer.Signal) (stop tracer.Stop, next tracer.Signal) {
	stop = p.Row(sig)
	p.s.Briefly(func() {
		next = p.ToDeliver()
		if stop.Kind == tracer.GroupStop {
			p.awaitContinue()
		}
	})
	return stop, next
}

// SignalToDeliver is what the restart after a stop has to deliver, when the program
// is not stepped or not stepped any more. In a group-stop it waits until somebody
// sends SIGCONT.
func (p *Program) SignalToDeliver(stop tracer.Stop) tracer.Signal {
	switch {
	case stop.Kind == tracer.GroupStop:
		p.awaitContinue()
		return 0
	case stop.Kind != tracer.SignalDelivery:
		return 0
	case stop.Signal == tracer.SIGTRAP && p.overtaken():
		return 0
	}
	return stop.Signal
}

// overtaken says whether the SIGTRAP that the program has stopped for belongs to the
// last step.
func (p *Program) overtaken() bool {
	info, err := p.Tracee.SigInfo()
	if err != nil {
		return false
	}
	pc, err := p.Tracee.PC()
	return err == nil && p.Overtaken(info, pc)
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

// Resume is Cont for a program that somebody may have killed: Wait reports its end.
func (p *Program) Resume(sig tracer.Signal) {
	if err := p.Tracee.Cont(sig); !errors.Is(err, syscall.ESRCH) {
		p.s.Must(err)
	}
}
