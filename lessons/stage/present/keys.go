package present

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
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
	query   func(string) // answers what is asked with a colon, nil in a recording
}

// What key returns when it was no key.
const (
	keyTime  = 0x80 + iota // the time of --auto is over
	keyAgain               // we were stopped by Ctrl-Z, and go on
)

const (
	keyEnd       = 0x04 // Ctrl-D
	keyInterrupt = 0x03 // Ctrl-C, where the terminal makes no signal of it
	keyErase     = 0x08
	keyKill      = 0x15 // Ctrl-U
	keyEscape    = 0x1b
	keyDelete    = 0x7f
)

// helpKeys are the keys, in the order of use.
var helpKeys = [][2]string{
	{"Enter", "make the request happen"},
	{"s", "more of them, up to the next words"},
	{"b", "back, from the recording"},
	{"n", "next section"},
	{"r", "this section again"},
	{"a b c", "answer a question"},
	{"l", "the source of this line"},
	{":", "ask the kernel, as in"},
	{"", ": regs   : peekuser 8*RIP   : mem rsp 64"},
	{"", ": status   : siginfo   : maps   : dis rip 5"},
	{"?", "these keys"},
	{"q", "quit"},
}

// KeyHelp lists the presenter's keys, one on a line: in columns, or for a screen
// reader.
func KeyHelp(indent string, accessible bool) string {
	var out strings.Builder
	for _, k := range helpKeys {
		switch {
		case !accessible:
			fmt.Fprintf(&out, "%s%-6s %s\n", indent, k[0], k[1])
		case k[0] == "":
			fmt.Fprintf(&out, "%s%s\n", indent, strings.ReplaceAll(k[1], "   ", ", "))
		default:
			fmt.Fprintf(&out, "%s%s: %s\n", indent, k[0], k[1])
		}
	}
	return out.String()
}

// stop announces what comes next and does what the keys say, until one of them
// lets the run go on. It returns the answer to a prediction.
func (p *Presenter) stop(m prompt) *int {
	p.check()
	p.waits.Store(true)
	defer p.waits.Store(false)
	if p.inRow++; p.row != m.at {
		p.row, p.inRow = m.at, 1
	}
	if p.inRow == longRow+1 && p.keys != nil {
		p.Say("s: let these happen, up to the next words")
	}
	p.announce(m)
	if m.call != nil {
		p.notes.next(m.call)
	}
	for {
		k := p.key()
		p.fit()
		switch {
		case k == keyTime:
			p.words = 0
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
		case m.answers > 0 && 'a' <= k|0x20 && int(k|0x20-'a') < m.answers:
			chosen := int(k | 0x20 - 'a')
			fmt.Fprintf(p.out, "    %s\n", event.Letter(chosen))
			return &chosen
		}
		p.words = 0
		switch k {
		case '\r', '\n', ' ':
			if p.back > 0 {
				p.forward(m)
				continue
			}
			if m.answers == 0 {
				return nil
			}
			p.Say("This waits for an answer: " + event.Letters(m.answers) + ". q quits.")
		case 's':
			switch {
			case p.back > 0:
				p.Say("Enter leads back to the present; s works there.")
				continue
			case m.call != nil:
				p.hurry()
				return nil
			}
			p.Say("No request waits here.")
		case 'n':
			panic(stage.Leave(stage.Next))
		case 'r':
			panic(stage.Leave(stage.Anew))
		case 'q', keyEnd:
			panic(stage.Leave(stage.Out))
		case 'b':
			p.backward()
		case 'l':
			if p.back > 0 {
				p.source(event.At(p.seen[p.calls[len(p.calls)-p.back]]))
				continue
			}
			p.source(m.at)
		case '?', 'h':
			for line := range strings.Lines(KeyHelp("    ", p.text.Style().Accessible)) {
				for _, line := range render.WrapColumns(strings.TrimSuffix(line, "\n"), p.text.Style().Width, len("    ")+7) {
					fmt.Fprintln(p.out, line)
				}
			}
		case ':':
			p.ask(m)
		default:
			switch {
			case k < ' ' || k >= keyDelete:
			case m.answers > 0:
				p.Say(fmt.Sprintf("%q does nothing here. Press %s; q quits. ?: the keys", rune(k), event.Letters(m.answers)))
			default:
				p.Say(fmt.Sprintf("%q does nothing here. ?: the keys", rune(k)))
			}
		}
	}
}

// announce prints the request that comes next, with its result still open; or
// what is waited for.
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
}

// fit follows the terminal.
func (p *Presenter) fit() {
	p.live.Fit(p.width())
	p.text.Fit(p.width())
}

// key waits for a key.
func (p *Presenter) key() byte {
	var over <-chan time.Time
	if p.auto.On {
		over = time.After(p.delay())
	}
	select {
	case k := <-p.keys:
		return k
	case <-over:
		return keyTime
	case <-p.again:
		return keyAgain
	case <-p.signals.Caught():
		panic(p.signals.Ended())
	}
}

// busy is how long a key waits for the tracer before it is answered without.
const busy = 40 * time.Millisecond

// read takes keys from the terminal until it is gone. While the tracer waits for
// the kernel, keys are answered here.
func (p *Presenter) read(in *os.File) {
	buf := make([]byte, 256)
	for {
		n, err := in.Read(buf)
		if err != nil || n == 0 {
			p.signals.Take(syscall.SIGHUP)
			return
		}
		for _, k := range withoutSequences(buf[:n]) {
			if k == keyInterrupt {
				p.signals.Take(syscall.SIGINT)
				return
			}
			p.hand(k)
		}
	}
}

// hand gives a key to the tracer's thread, which waits for keys or soon will; or
// it is busy with a request, and the key is answered here.
func (p *Presenter) hand(k byte) {
	for {
		select {
		case p.keys <- k:
			return
		case <-p.signals.Caught():
			return
		case <-time.After(busy):
			if !p.waits.Load() {
				p.meanwhile(k)
				return
			}
		}
	}
}

// withoutSequences leaves out arrows and other keys that send several bytes: an
// escape, [ or O, and all up to a byte from @ to ~.
func withoutSequences(keys []byte) (out []byte) {
	for i := 0; i < len(keys); i++ {
		if keys[i] != keyEscape || i+1 == len(keys) || keys[i+1] != '[' && keys[i+1] != 'O' {
			out = append(out, keys[i])
			continue
		}
		for i += 2; i < len(keys) && (keys[i] < '@' || keys[i] > '~'); i++ {
		}
	}
	return out
}

// meanwhile answers a key while a request has not returned.
func (p *Presenter) meanwhile(k byte) {
	switch k {
	case 'q', keyEnd:
		p.signals.End(stage.Leave(stage.Out))
	case 'n':
		p.asked.Store(int32(stage.Next))
		p.signals.KillAll()
	case 'r':
		p.asked.Store(int32(stage.Anew))
		p.signals.KillAll()
	default:
		fmt.Fprintln(p.out, "    The request has not returned yet. n, r and q work meanwhile.")
	}
}
