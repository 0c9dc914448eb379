package query

import (
	"fmt"
	"strconv"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// Offset reads an offset into the USER area: 8*RIP, 4*ORIG_RAX, 8*16, rip, 128, -8,
// u_debugreg[7], offsetof(struct user, u_debugreg[7]).
func Offset(word string) (uint64, error) {
	if field, ok := strings.CutPrefix(word, "offsetof(struct user,"); ok {
		word = strings.TrimSpace(strings.TrimSuffix(field, ")"))
	}
	if by, name, ok := strings.Cut(word, "*"); ok {
		times, err := strconv.ParseUint(by, 0, 32)
		if n, errN := strconv.ParseUint(name, 0, 32); err == nil && errN == nil {
			return times * n, nil
		}
		i, known := userWord(name)
		if err != nil || !known {
			return 0, wrong{fmt.Sprintf("%q is no offset into the USER area; 8*RIP is one.", word)}
		}
		return times * uint64(i), nil // what is no multiple of 8 the kernel refuses
	}
	if i, ok := userWord(word); ok {
		return uint64(8 * i), nil
	}
	if n, ok := number(word); ok {
		return n, nil
	}
	return 0, wrong{fmt.Sprintf("%q is no word of the USER area; 8*RIP is one.", word)}
}

// userWord is the number of a word of the USER area, by its name or its field.
func userWord(word string) (int, bool) {
	for i, w := range names.UserArea {
		if strings.EqualFold(w.Name, word) && w.Name != "" || w.Field == word {
			return i, true
		}
	}
	return 0, false
}

// number reads a number of C, negative ones too.
func number(word string) (uint64, bool) {
	if n, err := strconv.ParseUint(word, 0, 64); err == nil {
		return n, true
	}
	n, err := strconv.ParseInt(word, 0, 64)
	return uint64(n), err == nil
}

// Value reads a register, a symbol or a number, and what is added to it: 0x401000,
// rsp+8, message, -1. The registers are read by one request, if they are needed.
func (t *Tracee) Value(word string) (tracer.Word, error) {
	if n, ok := number(word); ok {
		return tracer.Word(n), nil
	}
	if r, rest, ok := strings.Cut(strings.TrimPrefix(word, "'"), "'"); ok && word[0] == '\'' && len(r) == 1 && rest == "" {
		return tracer.Word(r[0]), nil // a character, as in C
	}
	base, plus := word, uint64(0)
	if i := strings.LastIndexAny(word, "+-"); i > 0 {
		n, ok := number(strings.TrimPrefix(word[i:], "+"))
		if !ok {
			return 0, wrong{fmt.Sprintf("%q is no address: after the sign stands a number.", word)}
		}
		base, plus = word[:i], n
	}
	if n, ok := number(base); ok {
		return tracer.Word(n + plus), nil
	}
	if t.Symbols != nil {
		if sym, ok := t.Symbols.Lookup(base); ok {
			return tracer.Word(uint64(sym.Addr) + plus), nil
		}
	}
	if len(names.RegistersByWord(base)) == 0 {
		return 0, wrong{fmt.Sprintf("%q is no register, no symbol of the program and no number.", base)}
	}
	r, err := t.getRegs()
	if err != nil {
		return 0, err
	}
	w, ok := r.Get(base)
	if !ok {
		return 0, noRegister(base)
	}
	return tracer.Word(uint64(w) + plus), nil
}

func noRegister(name string) error {
	return wrong{fmt.Sprintf("There is no register %q.", name)}
}

// address is Value for a place in memory.
func (t *Tracee) address(word string) (tracer.Addr, error) {
	w, err := t.Value(word)
	return tracer.Addr(w), err
}

// getRegs makes one request for the registers, however often a question needs them.
func (t *Tracee) getRegs() (tracer.Regs, error) {
	if t.regs == nil {
		r, err := t.GetRegs()
		if err != nil {
			return r, err
		}
		t.regs = &r
	}
	return *t.regs, nil
}

// registerAt is the register at an offset into the USER area.
func registerAt(offset uint64) string {
	if w, ok := names.UserWordAt(offset); ok {
		return w.Field
	}
	return ""
}
