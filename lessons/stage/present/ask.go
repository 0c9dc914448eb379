package present

import (
	"errors"
	"fmt"
	"strings"

	"ptwalk/lessons/explain"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/query"
	"ptwalk/lessons/stage/readline"
	"ptwalk/tracer"
)

// asked is whom a question at a prompt asks.
type asked struct {
	s   *stage.Stage // nil: nobody is there now, and the recording answers
	tid tracer.TID
}

// live says whether a tracee of this run is there.
func (a asked) live() bool {
	if a.s == nil {
		return false
	}
	tracee, _ := a.s.Find(a.tid)
	return tracee != nil
}

// ask reads a question behind a colon, and answers it.
func (p *Presenter) ask(m prompt) {
	symbols := p.symbols(m)
	question, ok := p.typed("    : ", &p.questions, func(before string) (int, []string) { return query.Complete(before, symbols) })
	words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(question), ":"))
	switch {
	case !ok || len(words) == 0:
	case strings.EqualFold(words[0], "explain"):
		p.explain(words[1:])
	case p.back > 0 || m.event != nil || m.answers > 0 && m.asked.s == nil:
		p.askPast(m, words)
	case m.call == nil && !m.asked.live():
		p.Say("No tracee is stopped here. Ask before a request.")
	default:
		p.askNow(m, words)
	}
	if p.back == 0 {
		p.announce(m)
	}
}

// word reads a word to explain, behind a question mark; an empty line shows the keys.
func (p *Presenter) word(m prompt) {
	text, ok := p.typed("    ? ", &p.looked, func(before string) (int, []string) {
		from := strings.LastIndexAny(before, " ") + 1
		return from, readline.Matching(before[from:], query.Vocabulary())
	})
	words := strings.Fields(strings.TrimLeft(text, " ?"))
	switch {
	case !ok:
	case len(words) == 0:
		p.showKeys()
	default:
		p.explain(words)
	}
	if p.back == 0 && len(words) > 0 {
		p.announce(m)
	}
}

// explain prints what a word means. It is no part of the run.
func (p *Presenter) explain(words []string) {
	pages, err := explain.Words(words, "")
	if err != nil {
		p.Say(err.Error())
		return
	}
	for _, e := range explain.Events(pages) {
		p.live.Event(e)
	}
	p.live.Flush()
}

// typed reads a line, with its own history, and says whether there is one.
func (p *Presenter) typed(prompt string, line *readline.Line, complete func(string) (int, []string)) (string, bool) {
	auto := p.auto.On
	p.auto.On = false // a person is there
	defer func() { p.auto.On = auto }()
	defer p.signals.Typing(nil)
	line.Out, line.Width, line.Complete = p.out, p.width, complete
	line.Begin(prompt)
	for {
		k := p.key()
		switch k {
		case keyAgain:
			line.Redraw()
			continue
		case keyDrop:
			k = readline.CtrlC
		}
		state := line.Press(k)
		p.signals.Typing(line.Dropping(p.drop))
		switch state {
		case readline.Entered:
			return line.String(), true
		case readline.Cancelled, readline.Ended:
			return "", false
		}
	}
}

// symbols are those of the program that a question is about; nil if they are unknown.
func (p *Presenter) symbols(m prompt) query.Symbols {
	if m.asked.s == nil {
		return nil
	}
	if _, table := m.asked.s.Find(m.asked.tid); table != nil {
		return table
	}
	return nil
}

// askNow makes the requests of a question on the live tracee.
func (p *Presenter) askNow(m prompt, words []string) {
	p.quietly(func() {
		m.asked.s.Aside(func() {
			who := query.Tracee{Emit: m.asked.s.Emit, Showing: m.asked.s.Showing, Symbols: p.symbols(m)}
			if tracee, _ := m.asked.s.Find(m.asked.tid); tracee != nil {
				who.Source, who.TID = tracee, tracee.TID
			}
			if err := who.Ask(words); err != nil {
				p.Say(err.Error())
			}
		})
	})
}

// quietly runs do, whose requests are not announced, and whose events are no part of
// the lesson.
func (p *Presenter) quietly(do func()) {
	off := p.off
	p.off = true
	p.notes.quiet(true)
	defer func() {
		p.off = off
		p.notes.quiet(false)
	}()
	do()
}

// askPast answers from what was recorded at the moment that is shown. What was not
// recorded the live tracee says, as it is now.
func (p *Presenter) askPast(m prompt, words []string) {
	if len(p.calls) == 0 {
		p.Say("Nothing is recorded before this.")
		return
	}
	at, tid := p.calls[len(p.calls)-max(p.back, 1)], tracer.TID(0)
	if p.back == 0 && m.call != nil {
		tid = m.call.TID
	}
	marked := p.live.Marked(p.width())
	past := query.NewRecording(p.seen, at, tid, func(e event.Event) { marked.Event(e) })
	who := query.Tracee{Source: past, TID: past.TID, Symbols: p.symbols(m), Emit: past.Emit, Showing: past.Showing}
	err := who.Ask(words)
	marked.Flush()
	switch {
	case err == nil:
	case errors.Is(err, query.ErrNotRecorded) && m.asked.live():
		p.Say(fmt.Sprintf("NOW, %s later, for that was not recorded:", count(p.back, "request")))
		p.askNow(m, words)
	case errors.Is(err, query.ErrNotRecorded) && m.asked.s != nil:
		p.Say("That was not recorded here, and no tracee is stopped now.")
	case errors.Is(err, query.ErrNotRecorded):
		p.Say("This is a recording, and that was not recorded here.")
	default:
		p.Say(err.Error())
	}
}

// count is a number and what it counts.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
