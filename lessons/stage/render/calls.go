package render

import (
	"fmt"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// call prints the C line and its result.
func (p *Text) call(e *event.Call) {
	if e.Brief && !p.style.Each {
		p.addBrief(e)
		return
	}
	p.Flush()
	expression, outcome := e.Spelled(p.style.Spell)
	outcome = "= " + outcome
	if e.N > 1 {
		outcome += fmt.Sprintf(" (%s times)", p.number(e.N))
	}
	paintOutcome := p.paint.result
	if e.Call.Errno != 0 {
		paintOutcome = p.paint.bad
	}
	p.cLine(e.Call.By, expression, outcome, paintOutcome)
}

// cLine prints a C line, with the result in a column of its own where there is
// room.
func (p *Text) cLine(who tracer.By, expression, outcome string, paintOutcome func(string) string) {
	label, by := margin+pad(string(who), 8), p.paint.tracer
	if who == tracer.ByChild {
		by = p.paint.child
	}
	room := p.style.Width - len(label)
	switch {
	case p.style.Accessible && len(margin)+len(who)+2+len(expression)+1+len(outcome) > p.style.Width:
		p.line(by(margin+string(who)+": ") + expression) // the C line stays whole if it can
		p.line(margin + "    " + paintOutcome(outcome))
	case p.style.Accessible:
		p.line(by(margin+string(who)+": ") + expression + " " + paintOutcome(outcome))
	case len(expression)+1+len(outcome) <= room:
		at := max(len(expression)+1, min(resultColumn, room-len(outcome)))
		p.line(by(label) + pad(expression, at) + paintOutcome(outcome))
	default:
		for i, c := range WrapC(expression, room) {
			if i > 0 {
				label = content
			}
			p.line(by(label) + c)
		}
		p.line(content + "    " + paintOutcome(outcome))
	}
}

// resultColumn is where results begin, counted from the content.
const resultColumn = 54

// addBrief counts a brief call; a wait for one thread with the status that it brought.
// Of a wait for any the order differs from run to run, and a table tells whose it was.
func (p *Text) addBrief(e *event.Call) {
	c, n, name := &e.Call, e.N, e.Call.Name
	switch {
	case name == "fork":
		p.Flush() // another child begins
	case name == "wait4" && c.TID == tracer.Any:
		name = "wait4 (any)"
	case name == "wait4" && c.HasValue:
		name = fmt.Sprintf("wait4 (0x%04x)", uint64(c.Value))
	}
	p.brief = append(p.brief, e)
	for i := range p.tally {
		if p.tally[i].name == name {
			p.tally[i].n += n
			return
		}
	}
	p.tally = append(p.tally, tallied{name, n})
}

// Flush names the requests that the rows or the table above were made of.
func (p *Text) Flush() {
	if len(p.tally) == 0 {
		return
	}
	defer p.dropRow()
	var parts []string
	for i, t := range p.tally {
		part := t.name
		if t.n > 1 {
			part += " x " + p.number(t.n)
		}
		if i+1 < len(p.tally) {
			part += ","
		}
		parts = append(parts, part)
	}
	cause := p.cause
	p.tally, p.cause, p.brief = nil, p.brief, nil
	p.fillWords(p.label("calls"), p.under(), p.paint.tracer, parts)
	p.cause = cause
}
