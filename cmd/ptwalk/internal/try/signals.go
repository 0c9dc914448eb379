package try

import (
	"fmt"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

func (se *session) eventMsg(words []string) error {
	if err := none(words); err != nil {
		return err
	}
	msg, err := se.child.Tracee.EventMsg()
	if err == nil {
		se.s.Note("The message is %v.", msg)
	}
	return err
}

func (se *session) sigInfo(words []string) error {
	if err := none(words); err != nil {
		return err
	}
	info, err := se.child.Tracee.SigInfo()
	if err == nil {
		se.was.siginfo = &info
	}
	return err
}

func (se *session) setSigInfo(words []string) error {
	if se.was.siginfo == nil {
		return unread("SETSIGINFO", "GETSIGINFO")
	}
	info := *se.was.siginfo
	err := se.numbers(words, map[string]func(uint64){
		"si_signo": func(n uint64) { info.Signo = int32(n) },
		"si_code":  func(n uint64) { info.Code = int32(n) },
		"si_errno": func(n uint64) { info.Errno = int32(n) },
		"si_pid":   func(n uint64) { info.SetPID(tracer.TID(n)) },
		"si_uid":   func(n uint64) { info.SetUID(uint32(n)) },
	})
	if err != nil {
		return err
	}
	if err := se.child.Tracee.SetSigInfo(info); err != nil {
		return err
	}
	se.was.siginfo = &info
	return nil
}

func (se *session) peekSigInfo(words []string) error {
	args := []uint64{0, 0, 8}
	if len(words) > len(args) {
		return errUsage
	}
	for i, word := range words {
		if i == 1 && (word == "SHARED" || word == "shared" || word == "PTRACE_PEEKSIGINFO_SHARED") {
			args[i] = tracer.PeekShared
			continue
		}
		n, err := number(word)
		if err != nil {
			return err
		}
		args[i] = n
	}
	if args[2] > 1024 {
		return wrong{"At most 1024 are read at once."}
	}
	infos := make([]tracer.SigInfo, args[2])
	n, err := se.child.Tracee.PeekSigInfo(args[0], uint32(args[1]), infos)
	if err != nil {
		return err
	}
	var lines []string
	for _, info := range infos[:n] {
		lines = append(lines, fmt.Sprintf("%v, si_code %d %s, from %d", tracer.Signal(info.Signo), info.Code, info.CodeName(), info.PID()))
	}
	se.list(lines)
	return nil
}

func (se *session) sigMask(words []string) error {
	if err := none(words); err != nil {
		return err
	}
	mask, err := se.child.Tracee.GetSigMask()
	if err == nil {
		se.s.Note("The mask is %s.", maskText(mask))
	}
	return err
}

func maskText(mask tracer.SigSet) string {
	text := tracer.Word(mask).Hex()
	for _, s := range names.Signals {
		if s.Number > 0 && mask.Has(tracer.Signal(s.Number)) {
			text += " " + s.Name
		}
	}
	return text
}

func (se *session) setSigMask(words []string) error {
	bits, err := bitsOf(words, func(word string) (uint64, bool) {
		s, ok := names.SignalByWord(word)
		if !ok || word[0] >= '0' && word[0] <= '9' {
			return 0, false
		}
		return uint64(tracer.SigSet(0).With(tracer.Signal(s.Number))), true
	})
	if err != nil {
		return err
	}
	return se.child.Tracee.SetSigMask(tracer.SigSet(bits))
}
