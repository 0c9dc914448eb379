package step

import (
	"errors"
	"fmt"
	"syscall"

	"ptwalk/cmd/ptwalk/internal/program"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/user"
)

// errNoFunction is about --from, and so the command line is wrong.
var errNoFunction = errors.New("there is no such function")

// reach takes a program, which stands at the stop of its execve, to a function.
//
// DR0 stops it there: nothing is written into its code, its children do not have the
// register, and it may hold an address where no library is yet. Until the function
// is found each system call has its stops, because any may have mapped the library;
// it is found before the library has run. When the loader has done its work and the
// program itself begins, all are there.
type reach struct {
	s       *stage.Stage
	child   *program.Program
	name    string
	target  tracer.Addr // 0: not found yet
	entry   tracer.Addr // where the program itself begins
	stopsAt tracer.Addr // what DR0 holds
}

// The parts of u_debugreg. In DR7 bit 0 enables DR0; its type 0 means execution.
const (
	dr0       = user.DebugRegs
	dr7       = user.DebugRegs + 7*8
	enableDR0 = 1
)

// run returns the stop at the function, or the end of a program that has not come to
// it. The error says why it cannot.
func (r *reach) run(stop tracer.Stop) (tracer.Stop, error) {
	if err := r.look(); err != nil {
		return stop, err
	}
	if pc, err := r.child.Tracee.PC(); err == nil && r.target == 0 && pc == r.entry {
		return stop, r.unknown() // there is no loader
	}
	for sig := tracer.Signal(0); ; {
		restart := r.child.Tracee.Cont
		if r.target == 0 {
			restart = r.child.Tracee.Syscall
		}
		if err := alive(restart(sig)); err != nil {
			return stop, err
		}
		stop, sig = r.child.Wait(), 0
		switch {
		case stop.Ended():
			return stop, nil
		case stop.Kind == tracer.EventStop: // execve: another program, without DR0
			r.target, r.stopsAt = 0, 0
			fallthrough
		case stop.Kind == tracer.SyscallExit:
			if err := r.look(); err != nil {
				return stop, err
			}
		case stop.Kind == tracer.SyscallEnter:
		case !r.arrived(stop):
			sig = r.child.SignalToDeliver(stop)
		case r.target != 0:
			return stop, alive(r.child.Tracee.PokeUser(dr7, 0))
		default:
			return stop, r.unknown()
		}
	}
}

// look looks for the function in what is mapped now, and has DR0 stop there, or at
// the entry.
func (r *reach) look() error {
	regs, err := r.child.Tracee.GetRegs()
	if err != nil {
		return alive(err)
	}
	entry, _ := procfs.Aux(r.child.TID(), procfs.AuxEntry, regs.Arch())
	r.entry = tracer.Addr(entry)
	functions := r.child.Functions()
	if functions == nil {
		return &program.Problem{Text: fmt.Sprintf("%s is not to be found: the mappings of the program may not be read", r.name), Exit: program.ExitFailed}
	}
	if sym, found := functions.Lookup(r.name); found {
		if m, mapped := functions.Map(sym.Addr); mapped && m.Executable() {
			r.target = sym.Addr
			r.child.Prefer(sym)
		}
	}
	at := r.entry
	if r.target != 0 {
		at = r.target
	}
	if at == r.stopsAt {
		return nil
	}
	r.stopsAt = at
	if err := alive(r.child.Tracee.PokeUser(dr0, tracer.Word(at))); err != nil {
		return r.refused(err)
	}
	return r.refused(alive(r.child.Tracee.PokeUser(dr7, enableDR0)))
}

// arrived says whether DR0 has stopped the program.
func (r *reach) arrived(stop tracer.Stop) bool {
	if stop.Signal != tracer.SIGTRAP {
		return false
	}
	info, err := r.child.Tracee.SigInfo()
	if err != nil || info.Code != tracer.TrapHWBkpt {
		return false
	}
	pc, err := r.child.Tracee.PC()
	return err == nil && pc == r.stopsAt
}

func (r *reach) unknown() error {
	return fmt.Errorf("%w: neither the program nor a library that is loaded with it has a symbol %q", errNoFunction, r.name)
}

func (r *reach) refused(err error) error {
	if err == nil {
		return nil
	}
	return &program.Problem{Text: fmt.Sprintf("no debug register is to be had, to stop at %s: %v; see ptwalk doctor", r.name, err), Exit: program.ExitFailed}
}

// alive takes ESRCH for no failure: the program was killed, and its end comes next.
func alive(err error) error {
	if errors.Is(err, syscall.ESRCH) {
		return nil
	}
	return err
}
