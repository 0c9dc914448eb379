package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"ptwalk/lessons/explain"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
	"ptwalk/lessons/stage/supervise"
)

// prompt is a learner who reads and presses keys. The terminal stays in line mode: a
// choice is a letter and Enter. The end of the input, Ctrl-D, leaves the run.
type prompt struct {
	out     io.Writer
	width   func() int // the terminal's, which may change
	fit     func()     // called before more is printed
	lines   chan string
	again   chan struct{} // we were stopped, and go on
	start   func()
	signals *supervise.Supervisor
}

func newPrompt(in *os.File, out io.Writer, width func() int, fit func(), s *supervise.Supervisor) *prompt {
	p := &prompt{out: out, width: width, fit: fit, lines: make(chan string), again: make(chan struct{}, 1), signals: s}
	started := false
	p.start = func() {
		if started {
			return
		}
		started = true
		s.WhenResumed(supervise.SignalTo(p.again))
		go func() {
			scanner := bufio.NewScanner(in)
			for scanner.Scan() {
				p.lines <- scanner.Text()
			}
			close(p.lines)
		}()
	}
	return p
}

// Turn waits for Enter.
func (p *prompt) Turn() {
	fmt.Fprintln(p.out)
	for {
		line, ok := p.read("  Enter: go on   Ctrl-C: leave ")
		if !ok || strings.TrimSpace(line) == "" {
			return
		}
		if p.explains(line, "Enter goes on") {
			continue
		}
		p.say("Enter alone goes on. Ctrl-C leaves the lesson.")
	}
}

// Choose waits for an answer, by its letter or in words. Enter alone leaves it open.
func (p *prompt) Choose(answers []event.Answer) *int {
	n := len(answers)
	for {
		text := fmt.Sprintf("    your answer, %s, or Enter to see it: ", event.Letters(n))
		if len(text) >= p.width() {
			text = fmt.Sprintf("    %s, or Enter: ", event.Letters(n))
		}
		line, ok := p.read(text)
		if p.explains(line, "Type "+event.Letters(n)+", or Enter to see the answer") {
			continue
		}
		line = strings.TrimSpace(line)
		if !ok || line == "" {
			return nil
		}
		if i, is := meant(line, answers); is {
			return &i
		}
		p.say(fmt.Sprintf("%.20q is no answer. Type %s, then Enter. Enter alone shows the answer, Ctrl-C leaves the lesson.", strings.ToLower(line), event.Letters(n)))
	}
}

// explains takes a line that begins with a question mark: what follows it is explained
// as ptwalk explain does, and nothing at all shows what can be typed.
func (p *prompt) explains(line, keys string) bool {
	words, asked := strings.CutPrefix(strings.TrimSpace(line), "?")
	if !asked {
		return false
	}
	if words = strings.TrimSpace(words); words == "" {
		p.say(keys + ". ? and a word explain it: ? tracee. Ctrl-C leaves the lesson.")
		return true
	}
	pages, err := explain.Words(strings.Fields(words), "")
	if err != nil {
		p.say(err.Error())
		return true
	}
	p.say(pages[0].Title + ". " + pages[0].Text)
	for _, f := range pages[0].Facts {
		p.say(f.Name + ": " + f.Is)
	}
	if len(pages) > 1 {
		p.say("There is more to read: ptwalk explain " + words)
	}
	return true
}

func (p *prompt) say(text string) {
	for _, line := range render.Wrap(text, p.width()-4) {
		fmt.Fprintln(p.out, "    "+line)
	}
}

// read prints the text and returns the next line; false at the end of the input
// or at a signal.
func (p *prompt) read(text string) (string, bool) {
	p.start()
	defer p.fit()
	select {
	case <-p.again: // no prompt stood there
	default:
	}
	select {
	case line, ok := <-p.lines:
		if ok { // typed before the prompt, and shown there
			fmt.Fprintln(p.out, text+line)
			return line, true
		}
	default:
	}
	for {
		fmt.Fprint(p.out, text)
		select {
		case line, ok := <-p.lines:
			if !ok {
				fmt.Fprintln(p.out)
				p.say("The input has ended, and so does the lesson, here. Enter goes on.")
				panic(stage.Leave(stage.Out))
			}
			return line, ok
		case <-p.again:
		case <-p.signals.Caught():
			fmt.Fprintln(p.out)
			return "", false
		}
	}
}
