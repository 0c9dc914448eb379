package trapflag

import (
	"ptwalk/tracer"
	"ptwalk/tracer/x86"
	"ptwalk/tracer/x86/kind"
)

// Trap is a SIGTRAP for which a thread has stopped that a tracer had restarted for
// one instruction, and what is known of that.
type Trap struct {
	Code    int32       // si_code
	Address tracer.Addr // si_addr: where the thread stood when the processor trapped
	PC      tracer.Addr // where it stands now

	Kind      kind.Kind   // of the instruction, in the code that runs: see kind.Instruction.In
	Own       bool        // the program had set the trap flag itself: see Loads
	Delivered bool        // the restart delivered a signal on the way
	Call      tracer.Addr // behind the last system call that was stepped; 0: none was
}

// Of is the trap that a siginfo tells of. The other fields are the caller's to fill.
func Of(info tracer.SigInfo, pc tracer.Addr) Trap {
	return Trap{Code: info.Code, Address: info.Address(), PC: pc}
}

// Cause is what has raised a SIGTRAP.
type Cause int

// The causes.
const (
	Step    Cause = iota // the tracer's step
	Late                 // that of a system call, which another signal has overtaken
	Entry                // the kernel, for the tracer: a handler begins
	Both                 // the step, for which the program had set the trap flag too
	Debug                // icebp
	Int3                 // int3
	Program              // somebody who has sent it, or another event of the program's own
)

// Ours says whether the tracer has caused the signal alone: then the program must
// not see it. All others are to be delivered.
func (c Cause) Ours() bool { return c == Step || c == Late || c == Entry }

// Cause tells who has raised the trap. The kernel has the same si_code for a step
// and for icebp, and a process may send itself any si_code. But it cannot know where
// the next step will trap, and the kernel writes that into si_addr: __send_sigtrap in
// arch/x86/kernel/traps.c.
//
// Over a system call a step traps for the tracer's sake, and the processor, which
// has put the program's flags away, does not: then there is no trap of the
// program's.
func (t Trap) Cause() Cause {
	switch t.Code {
	case tracer.SIKernel:
		return Int3
	case tracer.TrapHandler:
		if t.Delivered {
			return Entry
		}
		return Program
	case tracer.TrapBrkpt, tracer.TrapTrace:
	default:
		return Program
	}
	switch {
	case t.Address != t.PC && t.Address == t.Call && t.Code == tracer.TrapBrkpt:
		return Late
	case t.Address != t.PC:
		return Program
	case t.Kind == kind.Icebp:
		return Debug
	case t.Own && t.Kind != kind.Call:
		return Both
	}
	return Step
}

// Loads says whether the trap flag that the program has set itself may be another
// after an instruction of this kind, and has to be looked up: popf and iret load it.
// The return from a handler does so too, and is a system call.
func Loads(k kind.Kind, own bool) bool { return ByHand(k) || own }

// IsOwn reads the trap flag of the program's own from eflags, as PTRACE_GETREGS and
// PTRACE_PEEKUSER show them after an instruction that loads them. They hide the flag
// of a step: TIF_FORCED_TF in arch/x86/kernel/step.c.
func IsOwn(eflags tracer.Word) bool { return eflags&x86.TF != 0 }
