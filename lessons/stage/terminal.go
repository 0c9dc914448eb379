package stage

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"ptwalk/lessons/stage/render"
	"ptwalk/lessons/stage/supervise"
)

// terminal is a learner who reads and presses keys. The terminal stays in line
// mode: a choice is a letter and Enter.
type terminal struct {
	out     io.Writer
	width   func() int // the terminal's, which may change
	fit     func()     // called before more is printed
	lines   chan string
	again   chan struct{} // we were stopped, and go on
	start   func()
	over    bool // the input has ended: nothing is asked any more
	signals *supervise.Supervisor
}

func newTerminal(in *os.File, out io.Writer, width func() int, fit func(), s *supervise.Supervisor) *terminal {
	t := &terminal{out: out, width: width, fit: fit, lines: make(chan string), again: make(chan struct{}, 1), signals: s}
	started := false
	t.start = func() {
		if started {
			return
		}
		started = true
		s.WhenResumed(supervise.SignalTo(t.again))
		go func() {
			scanner := bufio.NewScanner(in)
			for scanner.Scan() {
				t.lines <- scanner.Text()
			}
			close(t.lines)
		}()
	}
	return t
}

// Turn waits for Enter.
func (t *terminal) Turn() {
	if t.over {
		return
	}
	fmt.Fprintln(t.out)
	for {
		line, ok := t.read("  Enter: go on   Ctrl-C: leave ")
		if !ok || strings.TrimSpace(line) == "" {
			return
		}
		t.say("Enter alone goes on. Ctrl-C leaves the lesson.")
	}
}

// Choose waits for the letter of an answer. Enter alone leaves it open.
func (t *terminal) Choose(n int) *int {
	if t.over {
		return nil
	}
	for {
		prompt := fmt.Sprintf("    your answer, %s, or Enter to see it: ", letters(n))
		if len(prompt) >= t.width() {
			prompt = fmt.Sprintf("    %s, or Enter: ", letters(n))
		}
		line, ok := t.read(prompt)
		line = strings.ToLower(strings.TrimSpace(line))
		if !ok || line == "" {
			return nil
		}
		if i := int(line[0] - 'a'); len(line) == 1 && 0 <= i && i < n {
			return &i
		}
		t.say(fmt.Sprintf("%.20q is no answer. Type %s, then Enter. Enter alone shows the answer, Ctrl-C leaves the lesson.", line, letters(n)))
	}
}

func (t *terminal) say(text string) {
	for _, line := range render.Wrap(text, t.width()-4) {
		fmt.Fprintln(t.out, "    "+line)
	}
}

// read prints the prompt and returns the next line; false at the end of the input
// or at a signal.
func (t *terminal) read(prompt string) (string, bool) {
	t.start()
	defer t.fit()
	select {
	case <-t.again: // no prompt stood there
	default:
	}
	select {
	case line, ok := <-t.lines:
		if ok { // typed before the prompt, and shown there
			fmt.Fprintln(t.out, prompt+line)
			return line, true
		}
	default:
	}
	for {
		fmt.Fprint(t.out, prompt)
		select {
		case line, ok := <-t.lines:
			if !ok {
				fmt.Fprintln(t.out)
				t.over = true
				t.say("The input has ended: the lesson goes on without pauses.")
			}
			return line, ok
		case <-t.again:
		case <-t.signals.Caught():
			fmt.Fprintln(t.out)
			return "", false
		}
	}
}
