package render

import (
	"fmt"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// heldRow is what the requests of a row have brought, until the instruction comes that
// it is about: then all of it is told below that.
type heldRow struct {
	stop   *event.Stop
	info   *event.SigInfo
	regs   *event.Regs
	output []*event.Output
}

// hold keeps an event for the row that is being made, and says whether it did. Where
// every call has a line, what it has brought has one too.
func (p *Text) hold(e event.Event) bool {
	if p.style.Each || len(p.tally) == 0 {
		return false
	}
	switch e := e.(type) {
	case *event.Stop:
		if e.Brief && e.Code == nil {
			p.held.stop, p.held.info = e, nil
			return true
		}
	case *event.SigInfo:
		if e.Brief {
			p.held.info = e
			return true
		}
	case *event.Regs:
		if e.Brief {
			p.held.regs = e
			return true
		}
	case *event.Output:
		p.held.output = append(p.held.output, e)
		return true
	case *event.Call:
		switch {
		case !e.Brief:
		case e.Call.Request == tracer.GetRegs && len(p.held.output) > 0 && p.held.info == nil:
			p.Flush() // another row begins
		case e.Call.Request == tracer.SingleStep:
			p.held = heldRow{output: p.held.output} // what was read before is no part of what it does
		}
	}
	return false
}

// tellRow tells what was held, below the instruction: the registers that have
// changed, the stop, and what was written on the way.
func (p *Text) tellRow() {
	held := p.held
	p.held = heldRow{}
	if held.regs != nil {
		p.cause = []event.Event{held.regs}
		if text := p.registers(held.regs, held.regs.ChangedByCode()); text != "" {
			p.fill(p.under(), p.under(), p.paint.plain, text)
		}
	}
	if held.stop != nil && held.info != nil {
		p.cause = []event.Event{held.stop, held.info}
		p.kernel(statusBriefly(held.stop) + ", " + code(held.info))
	}
	for _, e := range held.output {
		p.cause = []event.Event{e}
		p.output(e)
	}
}

// dropRow forgets what no row has told: the calls name it. What was written is told.
func (p *Text) dropRow() {
	held := p.held
	p.held = heldRow{}
	for _, e := range held.output {
		p.cause = []event.Event{e}
		p.output(e)
	}
}

// code is the si_code with its name.
func code(e *event.SigInfo) string {
	return fmt.Sprintf("si_code %d %s", e.Code, names.SICodeName(int(e.Signal), e.Code))
}

// sigInfo tells a siginfo in one line: why the signal was made, and by whom or where.
func (p *Text) sigInfo(e *event.SigInfo) {
	p.coded = true
	text := fmt.Sprintf("%v, %s", e.Signal, code(e))
	if e.Sent() {
		text += fmt.Sprintf(", si_pid %s, si_uid %s", p.style.Spell.TID(e.PID), p.style.Spell.Fact(event.Fact(fmt.Sprint(e.UID))))
	} else if e.Addr != 0 && !(e.Signal == tracer.SIGTRAP && e.Code&0x7f == tracer.TrapHandler) { // ptrace_notify stores ids there
		text += ", si_addr " + p.style.Spell.Addr(e.Addr)
	}
	p.kernel(text)
}

// registers spells those that are named, in the kernel's order.
func (p *Text) registers(e *event.Regs, show []string) string {
	var cells []string
	for _, r := range e.Regs.All() {
		if contains(show, r.Name) {
			cells = append(cells, fmt.Sprint(r.Name, " ", event.Spell(p.style.Spell, r)))
		}
	}
	return strings.Join(cells, ", ")
}
