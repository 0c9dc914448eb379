package step

import (
	"errors"
	"fmt"
	"slices"
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
// Debug registers stop it there: nothing is written into its code, its children do
// not have them, and one may hold an address where no library is yet. Until the
// program itself begins, behind its loader, each system call has its stops, because
// any may have mapped a library; so a function of that is known before it has run.
type reach struct {
	s     *stage.Stage
	child *program.Program
	name  string
	entry tracer.Addr // where the program itself begins
	begun bool        // it has begun
	armed [4]tracer.Addr
}

// dr7 enables the debug registers: register n by bit 2n. Type 0 is execution.
const dr7 = 7

// run returns the stop at the function, or the end of a program that has not come to
// it. The error says why it cannot.
func (r *reach) run(stop tracer.Stop) (tracer.Stop, error) {
	if err := r.look(); err != nil {
		return stop, err
	}
	for sig := tracer.Signal(0); ; {
		restart := r.child.Tracee.Syscall
		if r.begun {
			restart = r.child.Tracee.Cont
		}
		if err := alive(restart(sig)); err != nil {
			return stop, err
		}
		stop, sig = r.child.Wait(), 0
		if stop.Ended() {
			return stop, nil
		}
		at := r.arrived(stop)
		switch {
		case stop.Kind == tracer.EventStop: // execve: another program, without debug registers
			r.begun, r.armed = false, [4]tracer.Addr{}
			fallthrough
		case stop.Kind == tracer.SyscallExit:
			if err := r.look(); err != nil {
				return stop, err
			}
		case stop.Kind == tracer.SyscallEnter:
		case at == 0:
			sig = r.child.SignalToDeliver(stop)
		case at != r.entry || r.armed[1] == at:
			return stop, r.debug(dr7, 0)
		case r.armed[1] == 0:
			return stop, fmt.Errorf("%w: neither the program nor a library that is loaded with it has a symbol %q", errNoFunction, r.name)
		default:
			r.begun = true
			if err := r.arm(0, 0); err != nil {
				return stop, err
			}
		}
	}
}

// look looks for the function in what is mapped now: DR0 stops at the entry, DR1 to
// DR3 at functions of that name. One of the program's own is the one that is meant.
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
	r.child.Prefer(r.name)
	at := []tracer.Addr{r.entry}
	for f := range functions.Called(r.name) {
		if m, mapped := functions.Map(f.Addr); !mapped || !m.Executable() {
			continue
		}
		at = append(at, f.Addr)
		if len(at) == len(r.armed) || functions.Object(f.Addr) == functions.Object(r.entry) {
			break
		}
	}
	for n, addr := range at {
		if err := r.arm(n, addr); err != nil {
			return err
		}
	}
	return nil
}

// arm has debug register n stop the program at an address, or nowhere for 0.
func (r *reach) arm(n int, at tracer.Addr) error {
	if r.armed[n] == at {
		return nil
	}
	r.armed[n] = at
	enabled := tracer.Word(0)
	for i, addr := range r.armed {
		if addr != 0 {
			enabled |= 1 << (2 * i)
		}
	}
	if err := r.debug(n, tracer.Word(at)); err != nil {
		return err
	}
	return r.debug(dr7, enabled)
}

// debug writes a debug register.
func (r *reach) debug(n int, value tracer.Word) error {
	if err := alive(r.child.Tracee.PokeUser(user.DebugRegs+8*uint64(n), value)); err != nil {
		return &program.Problem{Text: fmt.Sprintf("no debug register is to be had, to stop at %s: %v; see ptwalk doctor", r.name, err), Exit: program.ExitFailed}
	}
	return nil
}

// arrived says at which of the addresses a debug register has stopped the program; 0
// at another stop.
func (r *reach) arrived(stop tracer.Stop) tracer.Addr {
	if stop.Kind != tracer.SignalDelivery || stop.Signal != tracer.SIGTRAP {
		return 0
	}
	info, err := r.child.Tracee.SigInfo()
	if err != nil || info.Code != tracer.TrapHWBkpt {
		return 0
	}
	pc, err := r.child.Tracee.PC()
	if err != nil || !slices.Contains(r.armed[:], pc) {
		return 0
	}
	return pc
}

// alive takes ESRCH for no failure: the program was killed, and its end comes next.
func alive(err error) error {
	if errors.Is(err, syscall.ESRCH) {
		return nil
	}
	return err
}
