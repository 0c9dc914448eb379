package render

import (
	"fmt"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// StatusPart is a run of bits of a wait status, and what it says; "" where it
// says nothing.
type StatusPart struct{ Bits, Says string }

// StatusParts cuts a wait status at the places that wait(2) and ptrace(2) give
// a meaning: the event, the stop signal or exit code, the core flag, and why
// wait4 returned.
func StatusParts(s tracer.Stop) []StatusPart {
	w := uint32(s.Status)
	event := StatusPart{fmt.Sprintf("%016b", w>>16), "no event"}
	if s.Event != 0 {
		event.Says = fmt.Sprintf("%d %s", s.Event, strings.TrimPrefix(names.EventName(s.Event), "PTRACE_"))
	}
	high := StatusPart{fmt.Sprintf("%08b", w>>8&0xff), ""}
	core := StatusPart{fmt.Sprintf("%b", w>>7&1), ""}
	low := StatusPart{fmt.Sprintf("%07b", w&0x7f), ""}
	switch s.Kind {
	case tracer.Exited:
		high.Says, low.Says = fmt.Sprintf("exit code %d", s.ExitCode), "no signal: exited"
	case tracer.Killed:
		high.Says, low.Says = "unused", fmt.Sprintf("killed by %d %s", int(s.Signal), s.Signal)
		core.Says = "no core"
		if s.CoreDumped {
			core.Says = "core"
		}
	default:
		high.Says, low.Says = fmt.Sprintf("%d %s", int(s.Signal), s.Signal), "stopped"
		if s.SysGood {
			high.Says = fmt.Sprintf("%s + 0x80", s.Signal)
		}
	}
	return []StatusPart{event, high, core, low}
}

// stop draws the status bit by bit, under the manual's word for the stop.
func (p *Text) stop(e *event.Stop) {
	name := e.Said()
	if e.Code != nil && e.Stop.Signal != 0 && !p.coded {
		name += fmt.Sprintf(", si_code %d %s", *e.Code, names.SICodeName(int(e.Stop.Signal), *e.Code))
	}
	parts := StatusParts(e.Stop)
	if e.Brief {
		p.kernel(statusBriefly(e))
		return
	}
	if p.style.Accessible {
		p.stopSentence(e, name, parts)
		return
	}
	p.Flush()
	p.kernel(name)
	bits, says := "", ""
	for i, part := range parts {
		if i > 0 {
			bits, says = bits+" | ", says+" | "
		}
		width := max(len(part.Bits), len(part.Says))
		bits, says = bits+pad(part.Bits, width), says+pad(part.Says, width)
	}
	status := fmt.Sprintf("0x%04x ", uint32(e.Stop.Status))
	if len(content)+len(status)+max(len(bits), len(says)) > p.style.Width {
		p.line(content + "status " + status)
		status = ""
	}
	if len(content)+max(len(bits), len(says)) > p.style.Width {
		for _, part := range parts {
			p.line(content + p.paint.kernel(pad(part.Bits, 16)) + "  " + part.Says)
		}
		return
	}
	p.line(content + status + p.paint.kernel(bits))
	p.line(content + strings.Repeat(" ", len(status)) + says)
}

// statusBriefly is the status in one line.
func statusBriefly(e *event.Stop) string {
	var says []string
	for _, part := range StatusParts(e.Stop) {
		if part.Says != "" && part.Says != "no event" && part.Says != "unused" && part.Says != "no core" {
			says = append(says, part.Says)
		}
	}
	text := fmt.Sprintf("0x%04x %s", uint32(e.Stop.Status), strings.Join(says, ", "))
	if e.Code != nil {
		text += fmt.Sprintf(", si_code %d %s", *e.Code, names.SICodeName(int(e.Stop.Signal), *e.Code))
	}
	return text
}

// kernel prints what the kernel has said, behind its label.
func (p *Text) kernel(text string) {
	label := p.label("kernel")
	for i, line := range Wrap(text, p.style.Width-len(label)) {
		if i > 0 {
			p.line(p.under() + line)
			continue
		}
		p.line(p.paint.kernel(label) + line)
	}
}

// stopSentence tells the same in words.
func (p *Text) stopSentence(e *event.Stop, name string, parts []StatusPart) {
	var says []string
	for _, part := range parts {
		if part.Says != "" {
			says = append(says, fmt.Sprintf("bits %s: %s", part.Bits, part.Says))
		}
	}
	p.Flush()
	p.fill(margin+"kernel: ", margin, p.paint.kernel,
		fmt.Sprintf("%s, status 0x%04x. %s.", name, uint32(e.Stop.Status), strings.Join(says, ", ")))
}

// regs prints the registers that the text is about, or all, in columns; of a row or
// a table those that have changed.
func (p *Text) regs(e *event.Regs) {
	var all []string
	for _, r := range e.Regs.All() {
		all = append(all, r.Name)
	}
	switch {
	case e.Brief && len(e.ChangedByCode()) > 0:
		all = e.ChangedByCode()
	case e.Brief:
		all = []string{"rip"}
	case len(e.Show) > 0:
		all = e.Show
	case !p.style.Accessible:
		p.columns(strings.Split(p.registers(e, all), ", "))
		return
	}
	if text := p.registers(e, all); text != "" {
		p.fill(p.under(), p.under(), p.paint.plain, text)
	}
}

// columns prints cells in as many columns as fit.
func (p *Text) columns(cells []string) {
	width := 0
	for _, c := range cells {
		width = max(width, len(c)+2)
	}
	across := max(1, (p.style.Width-len(content))/width)
	for i := 0; i < len(cells); i += across {
		line := ""
		for _, c := range cells[i:min(i+across, len(cells))] {
			line += pad(c, width)
		}
		p.line(content + line)
	}
}

func contains(list []string, name string) bool {
	for _, s := range list {
		if s == name {
			return true
		}
	}
	return false
}
