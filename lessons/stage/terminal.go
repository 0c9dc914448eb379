package stage

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

// terminal is a learner who reads and presses keys. The terminal stays in line
// mode: a choice is a letter and Enter.
type terminal struct {
	out     io.Writer
	lines   chan string
	start   func()
	signals *signals
}

func newTerminal(in *os.File, out io.Writer, s *signals) *terminal {
	t := &terminal{out: out, lines: make(chan string), signals: s}
	started := false
	t.start = func() {
		if started {
			return
		}
		started = true
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
	fmt.Fprint(t.out, "\n  Enter: go on   Ctrl-C: leave ")
	t.read()
}

// Choose waits for the letter of an answer. Enter alone leaves it open.
func (t *terminal) Choose(n int) *int {
	for {
		fmt.Fprintf(t.out, "    your answer, a to %s, or Enter to see it: ", letter(n-1))
		line, ok := t.read()
		line = strings.ToLower(strings.TrimSpace(line))
		if !ok || line == "" {
			return nil
		}
		if i := int(line[0] - 'a'); len(line) == 1 && 0 <= i && i < n {
			return &i
		}
	}
}

// read returns the next line; false at the end of the input or at a signal.
func (t *terminal) read() (string, bool) {
	t.start()
	select {
	case line, ok := <-t.lines:
		if !ok {
			fmt.Fprintln(t.out)
		}
		return line, ok
	case <-t.signals.caught:
		fmt.Fprintln(t.out)
		return "", false
	}
}
