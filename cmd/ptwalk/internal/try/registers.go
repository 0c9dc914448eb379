package try

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

func peek(how func(*tracer.Tracee, tracer.Addr) (tracer.Word, error)) func(*session, []string) error {
	return func(se *session, words []string) error {
		if len(words) != 1 {
			return errUsage
		}
		at, err := se.value(words[0])
		if err != nil {
			return err
		}
		_, err = how(se.child.Tracee, tracer.Addr(at))
		return err
	}
}

func poke(how func(*tracer.Tracee, tracer.Addr, tracer.Word) error) func(*session, []string) error {
	return func(se *session, words []string) error {
		if len(words) != 2 {
			return errUsage
		}
		at, err := se.value(words[0])
		if err != nil {
			return err
		}
		w, err := se.value(words[1])
		if err != nil {
			return err
		}
		return how(se.child.Tracee, tracer.Addr(at), w)
	}
}

func (se *session) peekUser(words []string) error {
	if len(words) != 1 {
		return errUsage
	}
	at, err := offset(words[0])
	if err != nil {
		return err
	}
	_, err = se.child.Tracee.PeekUser(at)
	return err
}

func (se *session) pokeUser(words []string) error {
	if len(words) != 2 {
		return errUsage
	}
	at, err := offset(words[0])
	if err != nil {
		return err
	}
	w, err := se.value(words[1])
	if err != nil {
		return err
	}
	return se.child.Tracee.PokeUser(at, w)
}

func (se *session) regs(words []string) error {
	var show []string
	for _, word := range words {
		name := strings.ToLower(word)
		if len(names.RegistersByWord(name)) == 0 {
			return wrong{fmt.Sprintf("There is no register %q.", word)}
		}
		show = append(show, name)
	}
	var regs tracer.Regs
	var err error
	se.s.Showing(show, func() { regs, err = se.child.Tracee.GetRegs() })
	if err == nil {
		se.was.regs = &regs
	}
	return err
}

func (se *session) setRegs(words []string) error {
	if se.was.regs == nil {
		return unread("SETREGS", "GETREGS")
	}
	regs := *se.was.regs
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return errUsage
		}
		w, err := se.value(value)
		if err != nil {
			return err
		}
		if !regs.Set(strings.ToLower(name), w) {
			return wrong{fmt.Sprintf("There is no register %q.", name)}
		}
	}
	if err := se.child.Tracee.SetRegs(regs); err != nil {
		return err
	}
	se.was.regs = &regs
	return nil
}

func fpRegs(how func(*tracer.Tracee) (tracer.FPRegs, error)) func(*session, []string) error {
	return func(se *session, words []string) error {
		if err := none(words); err != nil {
			return err
		}
		r, err := how(se.child.Tracee)
		if err != nil {
			return err
		}
		se.was.fpregs = &r
		lines := []string{fmt.Sprintf("cwd 0x%x  swd 0x%x  ftw 0x%x  mxcsr 0x%x", r.CWD, r.SWD, r.FTW, r.MXCSR)}
		for i, x := range r.XMM {
			if x != [16]byte{} {
				lines = append(lines, fmt.Sprintf("xmm%-2d %x", i, x))
			}
		}
		for i, x := range r.ST {
			if x != [16]byte{} {
				lines = append(lines, fmt.Sprintf("st%d   %x", i, x[:10]))
			}
		}
		se.list(lines)
		return nil
	}
}

func setFPRegs(how func(*tracer.Tracee, tracer.FPRegs) error) func(*session, []string) error {
	return func(se *session, words []string) error {
		if se.was.fpregs == nil {
			if len(words) > 0 {
				return unread("SETFPREGS", "GETFPREGS")
			}
			return how(se.child.Tracee, tracer.FPRegs{MXCSR: 0x1f80, CWD: 0x37f}) // as after execve
		}
		r := *se.was.fpregs
		into := map[string]func(uint64){"mxcsr": func(n uint64) { r.MXCSR = uint32(n) }}
		for i := range r.XMM {
			into["xmm"+strconv.Itoa(i)] = func(n uint64) {
				r.XMM[i] = [16]byte{}
				binary.LittleEndian.PutUint64(r.XMM[i][:], n)
			}
		}
		if err := se.numbers(words, into); err != nil {
			return err
		}
		if err := how(se.child.Tracee, r); err != nil {
			return err
		}
		se.was.fpregs = &r
		return nil
	}
}

// setOf reads the kind of a register set; none is that of the general registers.
func setOf(words []string) (tracer.Set, error) {
	switch len(words) {
	case 0:
		return tracer.PRStatus, nil
	case 1:
		if m, ok := names.MacroByWord(words[0]); ok && strings.HasPrefix(m.Name, "NT_") {
			return tracer.Set(m.Value), nil
		}
		n, err := number(words[0])
		return tracer.Set(n), err
	}
	return 0, errUsage
}

// shownBytes is how much of a set is printed.
const shownBytes = 128

func (se *session) regSet(words []string) error {
	set, err := setOf(words)
	if err != nil {
		return err
	}
	buf := make([]byte, 16384)
	n, err := se.child.Tracee.GetRegSet(set, buf)
	if err != nil {
		return err
	}
	if se.was.sets == nil {
		se.was.sets = map[tracer.Set][]byte{}
	}
	se.was.sets[set] = buf[:n]
	se.s.Note("iov.iov_len is now %d.", n)
	var lines []string
	for part := range slices.Chunk(buf[:min(n, shownBytes)], 16) {
		lines = append(lines, fmt.Sprintf("% x", part))
	}
	if n > shownBytes {
		lines = append(lines, fmt.Sprintf("... %d more", n-shownBytes))
	}
	se.list(lines)
	return nil
}

func (se *session) setRegSet(words []string) error {
	set, err := setOf(words)
	if err != nil {
		return err
	}
	if se.was.sets[set] == nil {
		return unread("SETREGSET", "GETREGSET")
	}
	_, err = se.child.Tracee.SetRegSet(set, se.was.sets[set])
	return err
}
