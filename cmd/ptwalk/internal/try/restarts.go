package try

import (
	"fmt"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// signalOf reads the signal that a restart delivers; none is 0.
func signalOf(words []string) (tracer.Signal, error) {
	switch {
	case len(words) == 0:
		return 0, nil
	case len(words) > 1:
		return 0, errUsage
	}
	if s, ok := names.SignalByWord(words[0]); ok {
		return tracer.Signal(s.Number), nil
	}
	n, err := number(words[0])
	if err != nil {
		return 0, wrong{fmt.Sprintf("%q is no signal.", words[0])}
	}
	return tracer.Signal(n), nil
}

// restart makes a request that restarts the tracee, and waits.
func restart(how func(*tracer.Tracee, tracer.Signal) error) func(*session, []string) error {
	return func(se *session, words []string) error {
		sig, err := signalOf(words)
		if err != nil {
			return err
		}
		if err := se.goOn(func() error { return how(se.child.Tracee, sig) }); err != nil {
			return err
		}
		if len(words) > 0 && isNumber(words[0]) && sig > 0 {
			se.s.Note("%s is the signal %v, which the restart has delivered. To restart it more than once, make the request again.", words[0], sig)
		}
		return nil
	}
}

// toCall is a restart up to a system call. Without PTRACE_O_TRACESYSGOOD the wait
// status does not tell the stop there from a signal.
func toCall(how func(*tracer.Tracee, tracer.Signal) error) func(*session, []string) error {
	do := restart(how)
	return func(se *session, words []string) error {
		err := do(se, words)
		if err == nil && !se.sysGood && se.stop.Kind == tracer.SignalDelivery && se.stop.Signal == tracer.SIGTRAP {
			se.s.Note("SIGTRAP: without PTRACE_O_TRACESYSGOOD it is a syscall-stop or a signal. The si_code of GETSIGINFO tells: " +
				"5, which is SIGTRAP itself, at a syscall-stop, and another for a signal.")
		}
		return err
	}
}

// isNumber says whether a signal was typed as a number, which may have been meant as a
// count, as gdb has one.
func isNumber(word string) bool {
	_, err := number(word)
	return err == nil
}

// traceMe is refused: the caller would be ptwalk itself.
func (se *session) traceMe([]string) error {
	return wrong{"TRACEME is what the child asks for itself: start has it made. Made here it would be about ptwalk."}
}

func (se *session) detach(words []string) error {
	sig, err := signalOf(words)
	if err != nil {
		return err
	}
	if err := se.child.Tracee.Detach(sig); err != nil {
		return err
	}
	se.running, se.was = true, read{}
	se.s.Note("It runs untraced. SEIZE or ATTACH begins anew.")
	return nil
}

func (se *session) kill(words []string) error {
	if err := none(words); err != nil {
		return err
	}
	return se.goOn(se.child.Tracee.PtraceKill)
}

// own says whether the program is one that may be attached to: another process could
// have the number of one that has ended.
func (se *session) own() error {
	if se.ended {
		return wrong{"The program has ended. start begins it anew."}
	}
	return nil
}

func (se *session) attach(words []string) error {
	if err := none(words); err != nil {
		return err
	}
	if err := se.own(); err != nil {
		return err
	}
	return se.goOn(func() error {
		_, err := se.s.Tracer.Attach(se.child.TID())
		if err == nil {
			se.sysGood = false
		}
		return err
	})
}

func (se *session) seize(words []string) error {
	o, err := optionsOf(words, true)
	if err != nil {
		return err
	}
	if err := se.own(); err != nil {
		return err
	}
	if _, err := se.s.Tracer.Seize(se.child.TID(), o); err != nil {
		return err
	}
	se.running, se.sysGood = true, o&tracer.TraceSysGood != 0
	se.s.Note("It runs on. INTERRUPT stops it.")
	return nil
}

func (se *session) interrupt(words []string) error {
	if err := none(words); err != nil {
		return err
	}
	if se.running {
		return se.goOn(se.child.Tracee.Interrupt)
	}
	if err := se.child.Tracee.Interrupt(); err != nil {
		return err
	}
	se.s.Note("It is stopped already: the stop comes after the next restart.")
	return nil
}

func (se *session) listen(words []string) error {
	if err := none(words); err != nil {
		return err
	}
	if err := se.child.Tracee.Listen(); err != nil {
		return err
	}
	se.running, se.was = true, read{}
	return nil
}

// optionsOf reads PTRACE_O_ bits.
func optionsOf(words []string, mayBeNone bool) (tracer.Option, error) {
	if len(words) == 0 && mayBeNone {
		return 0, nil
	}
	bits, err := bitsOf(words, func(word string) (uint64, bool) {
		o, ok := names.OptionByWord(word)
		return o.Bit, ok
	})
	return tracer.Option(bits), err
}

func setOptions(how func(*tracer.Tracee, tracer.Option) error) func(*session, []string) error {
	return func(se *session, words []string) error {
		o, err := optionsOf(words, false)
		if err != nil {
			return err
		}
		if err := how(se.child.Tracee, o); err != nil {
			return err
		}
		se.sysGood = o&tracer.TraceSysGood != 0
		return nil
	}
}
