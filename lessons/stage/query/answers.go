package query

import (
	"fmt"
	"strconv"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

func (t *Tracee) peekUser(words []string) error {
	if len(words) != 1 {
		return errUsage
	}
	offset, err := Offset(words[0])
	if err != nil {
		return err
	}
	_, err = t.PeekUser(offset)
	return err
}

func (t *Tracee) peekData(words []string) error {
	if len(words) != 1 {
		return errUsage
	}
	at, err := t.address(words[0])
	if err != nil {
		return err
	}
	_, err = t.PeekData(at)
	return err
}

func (t *Tracee) showRegs(words []string) error {
	var show []string
	for _, word := range words {
		word = strings.ToLower(word)
		if _, ok := new(tracer.Regs).Get(word); !ok {
			if _, ok := (tracer.Regs{CS: 0x23}).Get(word); !ok {
				return noRegister(word)
			}
		}
		show = append(show, word)
	}
	var regs tracer.Regs
	var err error
	t.Showing(show, func() { regs, err = t.getRegs() })
	for _, name := range show {
		if _, ok := regs.Get(name); err == nil && !ok {
			return wrong{fmt.Sprintf("Its code is of %s, which has no register %q.", regs.Arch(), name)}
		}
	}
	return err
}

// maxAsked is how many bytes or instructions fit on a few screens.
const maxAsked = 1024

func (t *Tracee) mem(words []string) error {
	at, n, err := t.span(words, 64)
	if err != nil {
		return err
	}
	t.Showing(nil, func() { _, err = t.ReadAt(make([]byte, n), at) })
	return err
}

func (t *Tracee) dis(words []string) error {
	at, n, err := t.span(words, 5)
	if err != nil {
		return err
	}
	r, err := t.getRegs() // its code segment tells the architecture
	if err != nil {
		return err
	}
	code := make([]byte, n*disasm.MaxLen)
	got, err := t.ReadAt(code, at)
	if err != nil {
		return err
	}
	code = code[:got]
	for ; n > 0 && len(code) > 0; n-- {
		inst := disasm.Decode(code, at, r.Arch())
		t.Emit(&event.Instruction{TID: t.TID, Addr: at, Bytes: inst.Bytes, Text: inst.Text, Label: t.label(at)})
		code, at = code[max(1, inst.Len()):], at+tracer.Addr(max(1, inst.Len()))
	}
	return nil
}

// label is the symbol at an address.
func (t *Tracee) label(at tracer.Addr) string {
	if t.Symbols == nil {
		return ""
	}
	if sym, off, ok := t.Symbols.Find(at); ok && off == 0 {
		return sym.Name
	}
	return ""
}

// span reads an address and a number.
func (t *Tracee) span(words []string, n int) (tracer.Addr, int, error) {
	if len(words) < 1 || len(words) > 2 {
		return 0, 0, errUsage
	}
	if len(words) == 2 {
		var err error
		if n, err = strconv.Atoi(words[1]); err != nil || n < 1 || n > maxAsked {
			return 0, 0, wrong{fmt.Sprintf("How many is a number from 1 to %d.", maxAsked)}
		}
	}
	at, err := t.address(words[0])
	return at, n, err
}

func (t *Tracee) sigInfo(words []string) error {
	if len(words) > 0 {
		return errUsage
	}
	_, err := t.SigInfo()
	return err
}

func (t *Tracee) eventMsg(words []string) error {
	if len(words) > 0 {
		return errUsage
	}
	msg, err := t.EventMsg()
	if err == nil {
		t.Emit(Message(msg))
	}
	return err
}

// Message tells what PTRACE_GETEVENTMSG has read.
func Message(msg tracer.Word) event.Event {
	return &event.Note{Format: "The message is %v.", Args: []any{msg}}
}
