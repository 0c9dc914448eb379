package try

import (
	"fmt"
	"strconv"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// list prints lines as a listing.
func (se *session) list(lines []string) {
	if len(lines) == 0 {
		return
	}
	text := ""
	for i, line := range lines {
		if i > 0 {
			text += "\n"
		}
		text += "          " + line
	}
	se.s.Emit(&event.Say{Text: text})
}

// index reads the first word as a number, and the other words.
func index(words []string) (uint64, []string, error) {
	if len(words) == 0 {
		return 0, nil, errUsage
	}
	n, err := number(words[0])
	return n, words[1:], err
}

func (se *session) syscallInfo(words []string) error {
	if err := none(words); err != nil {
		return err
	}
	info, err := se.child.Tracee.GetSyscallInfo()
	if err == nil {
		se.was.syscall = &info
	}
	return err
}

func (se *session) setSyscallInfo(words []string) error {
	if se.was.syscall == nil {
		return unread("SET_SYSCALL_INFO", "GET_SYSCALL_INFO")
	}
	info := *se.was.syscall
	into := map[string]func(uint64){
		"nr":   func(n uint64) { info.SetNr(int64(n)) },
		"rval": func(n uint64) { info.SetResult(int64(n)) },
	}
	for i := range 6 {
		into["arg"+strconv.Itoa(i)] = func(n uint64) { info.SetArg(i, tracer.Word(n)) }
	}
	if err := se.numbers(words, into); err != nil {
		return err
	}
	if err := se.child.Tracee.SetSyscallInfo(info); err != nil {
		return err
	}
	se.was.syscall = &info
	return nil
}

func (se *session) threadArea(words []string) error {
	n, rest, err := index(words)
	if err != nil || len(rest) > 0 {
		return errUsage
	}
	desc, err := se.child.Tracee.GetThreadArea(uint32(n))
	if err == nil {
		se.list([]string{fmt.Sprintf("entry_number %d  base_addr 0x%x  limit 0x%x  flags 0x%x", desc.EntryNumber, desc.BaseAddr, desc.Limit, desc.Flags)})
	}
	return err
}

func (se *session) setThreadArea(words []string) error {
	n, rest, err := index(words)
	if err != nil {
		return err
	}
	desc := tracer.UserDesc{EntryNumber: uint32(n), Flags: tracer.ReadExecOnly | tracer.SegNotPresent} // an empty one
	err = se.numbers(rest, map[string]func(uint64){
		"base":  func(n uint64) { desc.BaseAddr = uint32(n) },
		"limit": func(n uint64) { desc.Limit = uint32(n) },
		"flags": func(n uint64) { desc.Flags = uint32(n) },
	})
	if err != nil {
		return err
	}
	return se.child.Tracee.SetThreadArea(uint32(n), desc)
}

func (se *session) archPrctl(words []string) error {
	if len(words) == 0 || len(words) > 2 {
		return errUsage
	}
	code := tracer.ArchCode(0)
	if m, ok := names.MacroByWord(words[0]); ok {
		code = tracer.ArchCode(m.Value)
	} else if n, err := number(words[0]); err == nil {
		code = tracer.ArchCode(n)
	} else {
		return wrong{fmt.Sprintf("%q is no code of arch_prctl(2); ARCH_GET_FS is one.", words[0])}
	}
	w := tracer.Word(0)
	if len(words) == 2 {
		var err error
		if w, err = se.value(words[1]); err != nil {
			return err
		}
	}
	got, err := se.child.Tracee.ArchPrctl(code, w)
	if err == nil && (code == tracer.ArchGetFS || code == tracer.ArchGetGS) {
		se.s.Note("The base is %v.", got)
	}
	return err
}

func (se *session) filter(words []string) error {
	n, rest, err := index(words)
	if err != nil || len(rest) > 1 {
		return errUsage
	}
	if len(rest) == 0 {
		_, err := se.child.Tracee.SeccompFilterLen(n)
		return err
	}
	room, err := number(rest[0])
	if err != nil || room == 0 || room > 4096 {
		return wrong{"A filter has 1 to 4096 instructions."}
	}
	filter := make([]tracer.SockFilter, room)
	got, err := se.child.Tracee.SeccompGetFilter(n, filter)
	var lines []string
	for i, f := range filter[:got] {
		lines = append(lines, fmt.Sprintf("%3d  code 0x%02x  jt %d  jf %d  k 0x%x", i, f.Code, f.JT, f.JF, f.K))
	}
	se.list(lines)
	return err
}

func (se *session) metadata(words []string) error {
	n, rest, err := index(words)
	if err != nil || len(rest) > 0 {
		return errUsage
	}
	m, err := se.child.Tracee.SeccompGetMetadata(n)
	if err == nil {
		se.list([]string{fmt.Sprintf("filter_off %d  flags 0x%x", m.FilterOff, m.Flags)})
	}
	return err
}

func (se *session) rseq(words []string) error {
	if err := none(words); err != nil {
		return err
	}
	r, err := se.child.Tracee.GetRseqConfiguration()
	if err == nil {
		se.list([]string{fmt.Sprintf("rseq_abi_pointer %v  rseq_abi_size %d  signature 0x%x  flags 0x%x", r.ABIPointer, r.ABISize, r.Signature, r.Flags)})
	}
	return err
}

func (se *session) dispatch(words []string) error {
	if err := none(words); err != nil {
		return err
	}
	d, err := se.child.Tracee.GetSyscallUserDispatchConfig()
	if err == nil {
		se.list([]string{fmt.Sprintf("mode %d  selector %v  offset %v  len %d", d.Mode, d.Selector, d.Offset, d.Len)})
	}
	return err
}

func (se *session) setDispatch(words []string) error {
	var d tracer.DispatchConfig
	err := se.numbers(words, map[string]func(uint64){
		"mode":     func(n uint64) { d.Mode = n },
		"selector": func(n uint64) { d.Selector = tracer.Addr(n) },
		"offset":   func(n uint64) { d.Offset = tracer.Addr(n) },
		"len":      func(n uint64) { d.Len = n },
	})
	if err != nil {
		return err
	}
	return se.child.Tracee.SetSyscallUserDispatchConfig(d)
}
