package tracer

import (
	"fmt"

	"ptwalk/tracer/names"
)

// Kind is what kind of stop, or of end, a wait status reports. The words are
// those of ptrace(2), "Stopped states".
type Kind int

// The kinds, and what a tracer does next.
const (
	Unknown          Kind = iota // a status that wait4 does not make
	SignalDelivery               // a signal waits to be delivered: restart with it, or with 0 to drop it
	GroupStop                    // the whole process is stopped by job control: Listen (seized) or leave it
	SyscallEnter                 // about to run a system call: Syscall leads to its exit
	SyscallExit                  // the system call is done: its result is in rax
	EventStop                    // a PTRACE_EVENT stop that an option or SEIZE asked for
	Exited                       // gone by exit: reaped, no request is possible
	Killed                       // gone by a signal: reaped, no request is possible
	ContinuedProcess             // SIGCONT woke it; only for a wait that asks for WCONTINUED
)

// The numbers of the PTRACE_EVENT stops.
const (
	EventFork      = 1
	EventVfork     = 2
	EventClone     = 3
	EventExec      = 4
	EventVforkDone = 5
	EventExit      = 6
	EventSeccomp   = 7
	EventPtrace    = 128 // PTRACE_EVENT_STOP
)

// Stop is what wait4 reported of one thread, decoded.
type Stop struct {
	TID        TID
	Status     Status
	Kind       Kind
	Signal     Signal // the signal of a stop; what killed it
	Event      int    // PTRACE_EVENT number, 0 for none
	ExitCode   int    // of Exited
	CoreDumped bool   // of Killed
	SysGood    bool   // bit 7 of the stop signal was set: PTRACE_O_TRACESYSGOOD
	Code       *int   // si_code, where Wait had to ask for it
}

// Name is the manual's word for the stop.
func (s Stop) Name() string {
	switch s.Kind {
	case SignalDelivery:
		return "signal-delivery-stop"
	case GroupStop:
		return "group-stop"
	case SyscallEnter:
		return "syscall-enter-stop"
	case SyscallExit:
		return "syscall-exit-stop"
	case EventStop:
		return names.EventName(s.Event) + " stop"
	case Exited:
		return "exited"
	case Killed:
		return "killed"
	case ContinuedProcess:
		return "continued"
	}
	return "unknown"
}

// Said is the stop in a few words: its name with the signal, or how the thread has
// ended.
func (s Stop) Said() string {
	switch s.Kind {
	case Exited:
		return fmt.Sprintf("exited with %d", s.ExitCode)
	case SignalDelivery, GroupStop, Killed:
		return fmt.Sprintf("%s by %v", s.Name(), s.Signal)
	}
	return s.Name()
}

// Ended says whether the thread is gone. No request is possible any more.
func (s Stop) Ended() bool { return s.Kind == Exited || s.Kind == Killed }
