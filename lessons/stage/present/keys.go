package present

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/readline"
	"ptwalk/lessons/stage/render"
)

// What key returns when it was no key.
const (
	keyTime  readline.Key = -1000 - iota // the time of --auto is over
	keyAgain                             // we were stopped by Ctrl-Z, and go on
	keyDrop                              // Ctrl-C drops the line that is being typed
)

// helpKeys are the keys, in the order of use.
var helpKeys = [][2]string{
	{"Enter", "make the request happen; Space, Right, PageDown too"},
	{"s", "more of them, up to the next words"},
	{"b", "back, from the recording; Backspace, Left, PageUp too"},
	{"End", "to the live stop again"},
	{"n p", "next section, previous section"},
	{"r", "this section again"},
	{"a b c", "answer a question; Space, Right, PageDown twice: no vote"},
	{"l", "the source of this line"},
	{":", "ask the kernel, as in"},
	{"", ": regs   : rip   : peekuser 8*RIP   : mem rsp 64"},
	{"", ": status State   : siginfo   : maps   : dis rip 5"},
	{"?", "explain a word; an empty line: these keys"},
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

// showKeys prints the keys.
func (p *Presenter) showKeys() {
	for line := range strings.Lines(KeyHelp("    ", p.text.Style().Accessible)) {
		for _, line := range render.WrapColumns(strings.TrimSuffix(line, "\n"), p.text.Style().Width, len("    ")+7) {
			fmt.Fprintln(p.out, line)
		}
	}
}

// key waits for a key.
func (p *Presenter) key() readline.Key {
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
	case <-p.drop:
		return keyDrop
	case <-p.signals.Caught():
		panic(p.signals.Ended())
	}
}

// busy is how long a key waits for the tracer before it is answered without.
const busy = 40 * time.Millisecond

// read takes keys from the terminal until it is gone. While the tracer waits for
// the kernel, keys are answered here.
func (p *Presenter) read(in *os.File) {
	gone := syscall.SIGHUP
	readline.Read(in, func(k readline.Key) bool {
		if k == readline.CtrlC { // where the terminal makes no signal of it
			if p.signals.Drop() {
				return true
			}
			gone = syscall.SIGINT
			return false
		}
		p.hand(k)
		return true
	})
	p.signals.Take(gone)
}

// hand gives a key to the tracer's thread, which waits for keys or soon will; or
// it is busy with a request, and the key is answered here.
func (p *Presenter) hand(k readline.Key) {
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

// meanwhile answers a key while a request has not returned.
func (p *Presenter) meanwhile(k readline.Key) {
	switch k {
	case 'q', readline.CtrlD:
		p.signals.End(stage.Leave(stage.Out))
	case 'n':
		p.asked.Store(int32(stage.Next))
		p.signals.KillAll()
	case 'p':
		p.asked.Store(int32(stage.Earlier))
		p.signals.KillAll()
	case 'r':
		p.asked.Store(int32(stage.Anew))
		p.signals.KillAll()
	default:
		fmt.Fprintln(p.out, "    The request has not returned yet. n, p, r and q work meanwhile.")
	}
}

// fit follows the terminal.
func (p *Presenter) fit() {
	p.live.Fit(p.width())
	p.text.Fit(p.width())
}
