package trapflag

import (
	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/user"
	"ptwalk/tracer/x86"
	"ptwalk/tracer/x86/kind"
)

// Stepper steps a thread, and tells the traps of its steps from those of the
// program's own. With Care it also hides the steps: it takes the trap flag out of
// what the program stores and leaves the program its own, and it keeps a handler of
// SIGTRAP where the program blocks that signal.
//
// The loop of a tracer is: PTRACE_GETREGS, [Stepper.Step], PTRACE_GETSIGINFO and
// PTRACE_GETREGS at the stop, [Stepper.After]. A request that fails because the
// thread was killed is no failure here: its end is reported next.
type Stepper struct {
	Tracee *tracer.Tracee
	Care   bool

	own   bool // the program has set the trap flag itself
	hid   bool // it blocks SIGTRAP, and we have unblocked it
	shown bool // the mask was left as it is, because a signal comes first
	exec  bool // it is in an execve that was to run as a whole

	// The last step.
	at     tracer.Regs
	next   instruction
	sig    tracer.Signal // it has delivered this one
	byHand bool          // the trap flag was set by PTRACE_POKEUSER
	whole  bool          // a system call ran by PTRACE_SYSCALL, from its entry to its exit
}

// Trap is the trap of the last step, at a stop by SIGTRAP.
func (s *Stepper) Trap(info tracer.SigInfo, pc tracer.Addr) Trap {
	t := Of(info, pc)
	t.Kind, t.Own, t.Delivered, t.Call = s.next.kind, s.own, s.sig != 0, s.next.afterCall
	return t
}

// Step restarts the thread for one instruction and waits for its stop. It stands
// where regs say, and code has the bytes there, of which length are those of the
// instruction. A signal is delivered on the way, or 0. The restart is a
// PTRACE_SINGLESTEP, but where a step would be seen by the program.
func (s *Stepper) Step(regs tracer.Regs, code []byte, length int, sig tracer.Signal, wait func() (tracer.Stop, error)) (tracer.Stop, error) {
	if s.exec {
		s.exec = false
		if stop, err := s.leaveExec(wait); err != nil || stop.Ended() {
			return stop, err
		}
	}
	s.at, s.sig, s.byHand, s.whole = regs, sig, false, false
	handled := sig != 0 && procfs.Catches(s.Tracee.TID, sig)
	s.next = look(s.next, regs, code, length, handled)
	restart := s.Tracee.SingleStep
	switch {
	case !s.Care || handled: // the entry to the handler comes first
	case s.next.kind == kind.Call && (s.hid || s.shown || changesMask[s.next.call]):
		return s.wholeCall(sig, wait)
	case ByHand(s.next.kind):
		s.byHand = true
		restart = func(sig tracer.Signal) error { return StepByHand(s.Tracee, sig) }
	case s.next.behind == kind.Int3 && !s.own:
		restart = s.Tracee.Cont // a trap of ours would take the place of the program's
	}
	if s.shown && !handled && !procfs.SignalComes(s.Tracee.TID) {
		s.hideMask()
	}
	if err := restart(sig); err != nil {
		return tracer.Stop{}, err
	}
	return wait()
}

// wholeCall runs a system call that sees or changes the mask: it finds SIGTRAP
// blocked where the program blocks it. The trap of a step comes before it could be
// unblocked again, and the kernel would throw the program's handler away.
func (s *Stepper) wholeCall(sig tracer.Signal, wait func() (tracer.Stop, error)) (tracer.Stop, error) {
	if err := s.Tracee.Syscall(sig); err != nil {
		return tracer.Stop{}, err
	}
	stop, err := wait()
	if err != nil || !inCall(stop) {
		return stop, err
	}
	s.whole, s.shown = true, false
	s.showMask()
	if err := s.Tracee.Syscall(0); err != nil {
		return tracer.Stop{}, err
	}
	return wait()
}

// leaveExec goes from the event of an execve to its exit.
func (s *Stepper) leaveExec(wait func() (tracer.Stop, error)) (tracer.Stop, error) {
	if err := s.Tracee.Syscall(0); err != nil {
		return tracer.Stop{}, err
	}
	stop, err := wait()
	s.hideMask()
	return stop, err
}

func inCall(stop tracer.Stop) bool {
	return stop.Kind == tracer.SyscallEnter || stop.Kind == tracer.SyscallExit
}

// After prepares the thread to go on after the stop of a step as it would without a
// tracer, and returns the signal that the next restart has to deliver. Regs are those
// of the stop; info is nil where the stop has none.
func (s *Stepper) After(stop tracer.Stop, info *tracer.SigInfo, regs tracer.Regs) tracer.Signal {
	switch {
	case inCall(stop):
		s.callDone(regs)
		return 0
	case stop.Kind == tracer.EventStop:
		s.exec, s.own = s.whole, false // it is that of an execve
		return 0
	case stop.Kind != tracer.SignalDelivery:
		s.clean(false, regs)
		return 0
	case stop.Signal != tracer.SIGTRAP || info == nil:
		s.clean(false, regs)
		return stop.Signal
	}
	cause := s.Trap(*info, regs.PC()).Cause()
	s.clean(cause == Step || cause == Both, regs)
	switch {
	case cause == Entry:
		s.enter(regs)
	case cause == Int3 && s.hid:
		s.executeAgain()
		return 0
	}
	if cause.Ours() {
		return 0
	}
	return tracer.SIGTRAP
}

// Leave is for a thread that is stepped no more.
func (s *Stepper) Leave() { s.showMask() }

// clean takes the trap flag of a step out of what the instruction has stored. Whether
// it was executed matters to those that load the flag.
func (s *Stepper) clean(executed bool, regs tracer.Regs) {
	if !s.Care {
		return
	}
	last := s.next.kind
	if s.next.end != 0 && regs.PC() == s.next.end {
		last = s.next.behind
	}
	returned := regs.RCX == tracer.Word(s.next.afterCall) || regs.RCX == tracer.Word(s.next.end)
	switch {
	case s.own:
	case s.byHand && !executed:
		s.Tracee.PokeUser(user.EFLAGS, regs.EFLAGS&^x86.TF)
	case last == kind.Pushf && executed:
		AfterPushf(s.Tracee)
	case last == kind.Call && !s.whole && returned && regs.R11&x86.TF != 0 && regs.Arch() == tracer.X8664:
		s.Tracee.PokeUser(user.R11, regs.R11&^x86.TF)
	}
	if executed && Loads(s.next.kind, s.own) {
		s.own = IsOwn(regs.EFLAGS)
	}
}

// callDone is at the exit from a call that ran as a whole. If a signal has
// interrupted it, that comes next, and until then the mask is the kernel's, which
// will use it.
func (s *Stepper) callDone(regs tracer.Regs) {
	if s.own || s.next.call == "rt_sigreturn" || s.next.call == "sigreturn" {
		s.own = IsOwn(regs.EFLAGS)
	}
	if restarts(regs) || interrupted(regs) && procfs.SignalComes(s.Tracee.TID) {
		s.shown = true
		return
	}
	s.hideMask()
}

// enter is at the entry to a handler.
func (s *Stepper) enter(regs tracer.Regs) {
	if !s.Care {
		return
	}
	frame := FrameAt(s.Tracee, regs.SP(), regs.Arch())
	if !s.own {
		frame.ClearFlag()
	}
	s.own = false // the frame keeps it, for sigreturn
	blocked := s.hid
	if blocked {
		frame.Block()
	}
	s.hideMask()
	s.hid = s.hid || blocked
}

// executeAgain goes back to an int3 of a program that blocks SIGTRAP: with the block
// the kernel ends the program by it, though it has a handler.
func (s *Stepper) executeAgain() {
	s.showMask()
	s.Tracee.SetPC(s.at.PC())
}

// hideMask unblocks SIGTRAP after anything that may have blocked it.
func (s *Stepper) hideMask() {
	s.shown = false
	mask, err := s.Tracee.GetSigMask()
	if err != nil || !s.Care {
		return
	}
	if s.hid = mask.Has(tracer.SIGTRAP); s.hid {
		s.Tracee.SetSigMask(mask.Without(tracer.SIGTRAP))
	}
}

// showMask gives SIGTRAP back its block.
func (s *Stepper) showMask() {
	if !s.hid {
		return
	}
	s.hid = false
	if mask, err := s.Tracee.GetSigMask(); err == nil {
		s.Tracee.SetSigMask(mask.With(tracer.SIGTRAP))
	}
}
