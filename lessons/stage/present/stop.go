package present

import (
	"fmt"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/readline"
	"ptwalk/tracer"
)

// prompt is a place where the presenter waits for a key.
type prompt struct {
	at      string       // the place in the lesson
	call    *tracer.Call // what comes next, nil if no request does
	event   *event.Call  // the same, of a recording
	loop    bool         // it is the first of a loop
	text    string       // what is waited for where no request comes next
	answers int          // of a prediction
	asked   asked        // whom a question asks
}

// stop announces what comes next and does what the keys say, until one of them
// goes on. It returns the answer to a prediction, if there is one.
func (p *Presenter) stop(m prompt) *int {
	p.check()
	p.waits.Store(true)
	defer p.waits.Store(false)
	p.clicked = false
	p.follows(m)
	p.announce(m)
	if m.call != nil {
		p.notes.next(m.call)
	}
	for {
		k := p.key()
		p.fit()
		switch {
		case k == keyTime:
			p.words, p.prose = 0, false
			if p.back == 0 {
				return nil
			}
			p.forward(m)
			continue
		case k == keyAgain && p.back > 0:
			p.showBack()
			continue
		case k == keyAgain:
			p.announce(m)
			continue
		case p.back == 0 && m.answers > 0 && 'a' <= k|0x20 && int(k|0x20-'a') < m.answers:
			chosen := int(k | 0x20 - 'a')
			fmt.Fprintf(p.out, "    %s\n", event.Letter(chosen))
			return &chosen
		}
		p.words, p.prose = 0, false
		asked := p.clicked
		if p.pressed(k, m) {
			return nil
		}
		if asked { // it was no second press in a row
			p.clicked = false
		}
	}
}

// pressed does what a key asks for, and says whether the request may be made.
func (p *Presenter) pressed(k readline.Key, m prompt) (goOn bool) {
	switch k {
	case readline.Enter, ' ', readline.Right, readline.PageDown:
		switch {
		case p.back > 0:
			p.forward(m)
		case m.answers == 0:
			return true
		default:
			return p.unanswered(k, m)
		}
	case 'b', readline.Backspace, readline.Left, readline.PageUp:
		p.backward()
	case readline.End:
		if p.back > 0 {
			p.present(m)
		}
	case 's':
		switch {
		case p.back > 0:
			p.Say("Enter leads back to the present, End at once; s works there.")
		case m.call != nil:
			p.hurry()
			return true
		default:
			p.Say("No request waits here.")
		}
	case 'n':
		panic(stage.Leave(stage.Next))
	case 'p':
		panic(stage.Leave(stage.Earlier))
	case 'r':
		panic(stage.Leave(stage.Anew))
	case 'q', readline.CtrlD:
		panic(stage.Leave(stage.Out))
	case 'l':
		if p.back > 0 {
			p.source(event.At(p.seen[p.calls[len(p.calls)-p.back]]))
			break
		}
		p.source(m.at)
	case '?':
		p.word(m)
	case 'h':
		p.showKeys()
	case ':':
		p.ask(m)
	default:
		p.unknown(k, m)
	}
	return false
}

// unanswered is a key at a question that leads on elsewhere. A clicker has no letters,
// and so the second such key in a row goes on without a vote. Enter never does.
func (p *Presenter) unanswered(k readline.Key, m prompt) (goOn bool) {
	if k != readline.Enter && p.clicked {
		return true
	}
	p.Say("This waits for an answer: " + event.Letters(m.answers) + ". q quits.")
	if k != readline.Enter {
		p.clicked = true
		p.Say("Once more: the answer, without a vote.")
	}
	return false
}

// unknown says that a key does nothing, and which do.
func (p *Presenter) unknown(k readline.Key, m prompt) {
	switch {
	case !k.Printable():
	case m.answers > 0 && p.back == 0:
		p.Say(fmt.Sprintf("%q does nothing here. Press %s; q quits. ?: the keys", rune(k), event.Letters(m.answers)))
	case m.answers > 0 && 'a' <= k|0x20 && int(k|0x20-'a') < m.answers:
		p.Say("The question waits at the live stop: End leads there.")
	default:
		p.Say(fmt.Sprintf("%q does nothing here. ?: the keys", rune(k)))
	}
}

// known is how often a request is announced in a lesson before it is one like others.
const known = 2

// follows takes note of the row of requests that a stop belongs to.
func (p *Presenter) follows(m prompt) {
	if p.inRow++; p.row != m.at {
		p.row, p.inRow = m.at, 1
	}
	if p.inRow == longRow+1 && p.keys != nil {
		p.Say("s: let these happen, up to the next words")
	}
	p.equal = false
	if m.call != nil {
		p.equal = p.before[m.call.Name] >= known
		p.before[m.call.Name]++
	}
}

// announce prints what comes next. While a recorded request is shown it does not:
// everything on the screen then says REPLAY.
func (p *Presenter) announce(m prompt) {
	p.fit()
	if p.back > 0 {
		return
	}
	p.text.Flush()
	if m.call == nil {
		p.Say(m.text)
		return
	}
	if m.loop {
		p.Say("A loop of requests begins. Enter makes them all.")
	}
	sp := p.text.Style().Spell
	expression := m.call.Expression(sp)
	if m.event != nil {
		expression, _ = m.event.Spelled(sp)
	}
	p.text.Announce(m.call.By, expression)
	if m.call.Name == "fork" && len(m.call.Argv) > 0 {
		p.announceChild(m.call)
	}
}

// announceChild prints what the child makes before its program runs: Enter makes that
// happen too.
func (p *Presenter) announceChild(fork *tracer.Call) {
	sp := p.text.Style().Spell
	if fork.Flag == tracer.ForkTraceMe {
		traceme := tracer.Call{Name: tracer.TraceMe.String(), Request: tracer.TraceMe}
		p.text.Announce(tracer.ByChild, traceme.Expression(sp))
	}
	execve := tracer.Call{Name: "execve", Request: tracer.NotPtrace, Path: fork.Path, Argv: fork.Argv}
	p.text.Announce(tracer.ByChild, execve.Expression(sp))
}
