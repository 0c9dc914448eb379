package present

import (
	"fmt"
	"strings"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/query"
	"ptwalk/tracer"
)

// ask reads a question behind a colon and has it answered.
func (p *Presenter) ask(m prompt) {
	question, ok := p.line()
	switch {
	case !ok || strings.TrimSpace(question) == "":
	case m.query == nil && m.call != nil:
		p.Say("This is a recording: there is no tracee to ask.")
	case m.query == nil:
		p.Say("No tracee is stopped here. Ask before a request.")
	default:
		m.query(question)
	}
	if p.back == 0 {
		p.announce(m)
	}
}

// line reads a line and shows what is typed. Escape leaves it.
func (p *Presenter) line() (string, bool) {
	fmt.Fprint(p.out, "    : ")
	auto := p.auto.On
	p.auto.On = false // a person is there
	defer func() { p.auto.On = auto }()
	var typed []byte
	for {
		switch k := p.key(); {
		case k == '\r' || k == '\n':
			fmt.Fprintln(p.out)
			return string(typed), true
		case k == keyEscape || k == keyEnd:
			fmt.Fprintln(p.out)
			return "", false
		case k == keyErase || k == keyDelete:
			if len(typed) > 0 {
				typed = typed[:len(typed)-1]
				fmt.Fprint(p.out, "\b \b")
			}
		case k == keyKill:
			fmt.Fprint(p.out, strings.Repeat("\b \b", len(typed)))
			typed = nil
		case k == keyAgain:
			fmt.Fprintf(p.out, "    : %s", typed)
		case ' ' <= k && k < keyDelete && len(typed) < 200:
			typed = append(typed, k)
			fmt.Fprintf(p.out, "%c", k)
		}
	}
}

// query asks the kernel a question of a person. The answer is no part of what can
// be gone back to.
func (p *Presenter) query(s *stage.Stage, tid tracer.TID, text string) {
	off := p.off
	p.off = true
	defer func() { p.off = off }()
	s.Aside(func() {
		tracee, symbols := s.Find(tid)
		who := query.Tracee{Tracee: tracee, Symbols: symbols, Emit: s.Emit, Showing: s.Showing}
		if err := who.Ask(strings.Fields(strings.TrimPrefix(strings.TrimSpace(text), ":"))); err != nil {
			p.Say(err.Error())
		}
	})
}
