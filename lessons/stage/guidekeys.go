package stage

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ptwalk/tracer"
)

// moment is a place where the guide waits for a key.
type moment struct {
	at      string       // the place in the lesson
	call    *tracer.Call // what comes next, nil if no request does
	event   *CallEvent   // the same, of a recording
	loop    bool         // it is the first of a loop
	prompt  string       // what is waited for where no request comes next
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
func (g *guide) stop(m moment) *int {
	g.check()
	g.waits.Store(true)
	defer g.waits.Store(false)
	if g.inRow++; g.row != m.at {
		g.row, g.inRow = m.at, 1
	}
	if g.inRow == longRow+1 && g.keys != nil {
		g.say("s: let these happen, up to the next words")
	}
	g.announce(m)
	if m.call != nil {
		g.notes.next(m.call)
	}
	for {
		k := g.key()
		g.fit()
		switch {
		case k == keyTime:
			g.words = 0
			if g.back == 0 {
				return nil
			}
			g.forward(m)
			continue
		case k == keyAgain && g.back > 0:
			g.showBack()
			continue
		case k == keyAgain:
			g.announce(m)
			continue
		case m.answers > 0 && 'a' <= k|0x20 && int(k|0x20-'a') < m.answers:
			chosen := int(k | 0x20 - 'a')
			fmt.Fprintf(g.out, "    %s\n", letter(chosen))
			return &chosen
		}
		g.words = 0
		switch k {
		case '\r', '\n', ' ':
			if g.back > 0 {
				g.forward(m)
				continue
			}
			if m.answers == 0 {
				return nil
			}
			g.say("This waits for an answer: " + letters(m.answers) + ". q quits.")
		case 's':
			switch {
			case g.back > 0:
				g.say("Enter leads back to the present; s works there.")
				continue
			case m.call != nil:
				g.hurry()
				return nil
			}
			g.say("No request waits here.")
		case 'n':
			panic(leave(next))
		case 'r':
			panic(leave(anew))
		case 'q', keyEnd:
			panic(leave(out))
		case 'b':
			g.backward()
		case 'l':
			if g.back > 0 {
				g.source(g.seen[g.calls[len(g.calls)-g.back]].base().At)
				continue
			}
			g.source(m.at)
		case '?', 'h':
			for line := range strings.Lines(KeyHelp("    ", g.text.style.Accessible)) {
				for _, line := range Fold(strings.TrimSuffix(line, "\n"), g.text.style.Width, len("    ")+7) {
					fmt.Fprintln(g.out, line)
				}
			}
		case ':':
			g.ask(m)
		default:
			switch {
			case k < ' ' || k >= keyDelete:
			case m.answers > 0:
				g.say(fmt.Sprintf("%q does nothing here. Press %s; q quits. ?: the keys", rune(k), letters(m.answers)))
			default:
				g.say(fmt.Sprintf("%q does nothing here. ?: the keys", rune(k)))
			}
		}
	}
}

// announce prints the request that comes next, with its result still open; or
// what is waited for.
func (g *guide) announce(m moment) {
	g.fit()
	if g.back > 0 {
		return
	}
	g.text.tellBrief()
	if m.call == nil {
		g.say(m.prompt)
		return
	}
	if m.loop {
		g.say("A loop of requests begins. Enter makes them all.")
	}
	sp := g.text.style.Spell
	expression := m.call.Expression(sp)
	if m.event != nil {
		expression, _ = m.event.Spelled(sp)
	}
	g.text.cLine(m.call.By, expression, "= ?", g.text.paint.result)
}

// fit follows the terminal.
func (g *guide) fit() { g.text.fit(g.width()) }

// key waits for a key.
func (g *guide) key() byte {
	var over <-chan time.Time
	if g.auto.on {
		over = time.After(g.delay())
	}
	select {
	case k := <-g.keys:
		return k
	case <-over:
		return keyTime
	case <-g.again:
		return keyAgain
	case <-g.signals.caught:
		panic(g.signals.ended())
	}
}

// busy is how long a key waits for the tracer before it is answered without.
const busy = 40 * time.Millisecond

// read takes keys from the terminal until it is gone. While the tracer waits for
// the kernel, keys are answered here.
func (g *guide) read(in *os.File) {
	buf := make([]byte, 256)
	for {
		n, err := in.Read(buf)
		if err != nil || n == 0 {
			g.signals.take(syscall.SIGHUP)
			return
		}
		for _, k := range withoutSequences(buf[:n]) {
			if k == keyInterrupt {
				g.signals.take(syscall.SIGINT)
				return
			}
			g.hand(k)
		}
	}
}

// hand gives a key to the tracer's thread, which waits for keys or soon will; or
// it is busy with a request, and the key is answered here.
func (g *guide) hand(k byte) {
	for {
		select {
		case g.keys <- k:
			return
		case <-g.signals.caught:
			return
		case <-time.After(busy):
			if !g.waits.Load() {
				g.meanwhile(k)
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
func (g *guide) meanwhile(k byte) {
	switch k {
	case 'q', keyEnd:
		g.signals.end(leave(out))
	case 'n':
		g.asked.Store(int32(next))
		g.signals.started.Signal(tracer.SIGKILL)
	case 'r':
		g.asked.Store(int32(anew))
		g.signals.started.Signal(tracer.SIGKILL)
	default:
		fmt.Fprintln(g.out, "    The request has not returned yet. n, r and q work meanwhile.")
	}
}

// backward shows the request before, as it was seen.
func (g *guide) backward() {
	if g.back == len(g.calls) {
		g.say("Nothing was seen before this.")
		return
	}
	g.back++
	g.showBack()
}

// forward shows the next of those that were seen, and announces the live one
// behind the last.
func (g *guide) forward(m moment) {
	g.back--
	if g.back > 0 {
		g.showBack()
		return
	}
	if m.call == nil {
		g.say("Here the run goes on.")
	}
	g.announce(m)
}

// showBack shows one request and what it brought; every line says REPLAY.
func (g *guide) showBack() {
	i := len(g.calls) - g.back
	end := len(g.seen)
	if i+1 < len(g.calls) {
		end = g.calls[i+1]
	}
	p := g.marked()
	for _, e := range g.seen[g.calls[i]:end] {
		p.Event(e)
	}
}

// source prints the lines around a place.
func (g *guide) source(at string) {
	file, number, _ := strings.Cut(at, ":")
	n, err := strconv.Atoi(number)
	if err != nil || g.beside.Source == nil {
		g.say("No line of source belongs to this.")
		return
	}
	text, has := g.beside.Source(file)
	if !has {
		g.say("The source of " + at + " is not at hand.")
		return
	}
	lines := strings.Split(text, "\n")
	fmt.Fprintln(g.out, "    "+at)
	for i := max(1, n-5); i <= min(len(lines), n+5); i++ {
		mark, spoken := " ", ""
		if i == n {
			mark, spoken = ">", ", here"
		}
		code := strings.ReplaceAll(lines[i-1], "\t", "    ")
		head := fmt.Sprintf("  %s %3d  ", mark, i)
		if g.text.style.Accessible {
			code = strings.TrimSpace(code)
			head = fmt.Sprintf("    line %d%s: ", i, spoken)
		}
		for _, line := range Fold(head+code, g.text.style.Width, len(head)+leading(code)+8) {
			fmt.Fprintln(g.out, g.text.paint.code(line))
		}
	}
}

// ask reads a question behind a colon and has it answered.
func (g *guide) ask(m moment) {
	question, ok := g.line()
	switch {
	case !ok || strings.TrimSpace(question) == "":
	case m.query == nil && m.call != nil:
		g.say("This is a recording: there is no tracee to ask.")
	case m.query == nil:
		g.say("No tracee is stopped here. Ask before a request.")
	default:
		m.query(question)
	}
	if g.back == 0 {
		g.announce(m)
	}
}

// line reads a line and shows what is typed. Escape leaves it.
func (g *guide) line() (string, bool) {
	fmt.Fprint(g.out, "    : ")
	auto := g.auto.on
	g.auto.on = false // a person is there
	defer func() { g.auto.on = auto }()
	var typed []byte
	for {
		switch k := g.key(); {
		case k == '\r' || k == '\n':
			fmt.Fprintln(g.out)
			return string(typed), true
		case k == keyEscape || k == keyEnd:
			fmt.Fprintln(g.out)
			return "", false
		case k == keyErase || k == keyDelete:
			if len(typed) > 0 {
				typed = typed[:len(typed)-1]
				fmt.Fprint(g.out, "\b \b")
			}
		case k == keyKill:
			fmt.Fprint(g.out, strings.Repeat("\b \b", len(typed)))
			typed = nil
		case k == keyAgain:
			fmt.Fprintf(g.out, "    : %s", typed)
		case ' ' <= k && k < keyDelete && len(typed) < 200:
			typed = append(typed, k)
			fmt.Fprintf(g.out, "%c", k)
		}
	}
}

// auto is the flag --auto: alone, or with a time for each request.
type auto struct {
	on, reading bool
	each        time.Duration
}

func (a *auto) String() string { return "" }

func (a *auto) Set(text string) error {
	if text == readingSpeed {
		*a = auto{on: true, reading: true}
		return nil
	}
	each, err := time.ParseDuration(text)
	if err != nil || each < 0 {
		return errors.New("the time is a duration, as 2s or 500ms")
	}
	*a = auto{on: true, each: each}
	return nil
}

// readingSpeed is the value of --auto where none is given.
const readingSpeed = "reading"

// joinAuto gives --auto its value: a time that follows it, or reading speed.
func joinAuto(args []string) []string {
	args = slices.Clone(args)
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		if args[i] != "--auto" && args[i] != "-auto" {
			continue
		}
		if i+1 < len(args) {
			if _, err := time.ParseDuration(args[i+1]); err == nil {
				args = slices.Replace(args, i, i+2, args[i]+"="+args[i+1])
				continue
			}
		}
		args[i] += "=" + readingSpeed
	}
	return args
}
