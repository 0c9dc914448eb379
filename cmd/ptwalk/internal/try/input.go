package try

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"time"

	"ptwalk/lessons/stage/readline"
	"ptwalk/lessons/stage/supervise"
)

// input is where lines come from.
type input interface {
	next() (line string, more bool)
	where() string // the place of the last line, for an error
}

// script is lines of a pipe or a file.
type script struct {
	lines  *bufio.Scanner
	number int
}

func newScript(r io.Reader) *script { return &script{lines: bufio.NewScanner(r)} }

func (s *script) next() (string, bool) {
	if !s.lines.Scan() {
		return "", false
	}
	s.number++
	return s.lines.Text(), true
}

func (s *script) where() string { return fmt.Sprintf("line %d: ", s.number) }

// keyboard is a person at the terminal. It reads only while a line is wanted: the
// program may read there too, while it runs.
type keyboard struct {
	line    readline.Line
	parser  readline.Keys
	keys    []readline.Key
	want    chan struct{}
	reads   chan []byte
	asked   bool
	again   chan struct{} // we were stopped, and go on
	drop    chan struct{} // Ctrl-C was pressed in a line
	signals *supervise.Supervisor
}

const promptText = "(ptwalk) "

func newKeyboard(se *session) *keyboard {
	k := &keyboard{want: make(chan struct{}), reads: make(chan []byte), again: make(chan struct{}, 1), drop: make(chan struct{}, 1), signals: se.s.Supervisor()}
	k.line = readline.Line{Out: os.Stdout, Width: se.width, Complete: se.complete}
	k.signals.TakeKeys(int(os.Stdin.Fd()), supervise.SignalTo(k.again))
	go k.signals.Beside(func() {
		for range k.want {
			buf := make([]byte, 256)
			n, err := os.Stdin.Read(buf)
			if err != nil {
				n = 0
			}
			k.reads <- buf[:n]
		}
	})
	return k
}

func (k *keyboard) where() string { return "" }

// next reads a line. It ends with the input, and with a signal.
func (k *keyboard) next() (string, bool) {
	k.line.Begin(promptText)
	defer k.signals.Typing(nil)
	for {
		key, more := k.key()
		if !more {
			fmt.Fprintln(os.Stdout)
			return "", false
		}
		state := k.line.Press(key)
		k.signals.Typing(k.line.Dropping(k.drop))
		switch state {
		case readline.Entered:
			return k.line.String(), true
		case readline.Cancelled:
			k.line.Begin(promptText)
		case readline.Ended:
			return "", false
		}
	}
}

// alone is how long nothing follows the key Escape: see [readline.Read].
const alone = 200 * time.Millisecond

// key is the next key; false at the end of the input, and at a signal.
func (k *keyboard) key() (readline.Key, bool) {
	for len(k.keys) == 0 {
		if !k.asked {
			k.asked = true
			k.want <- struct{}{}
		}
		var late <-chan time.Time
		if k.parser.Pending() {
			late = time.After(alone)
		}
		select {
		case read := <-k.reads:
			k.asked = false
			if len(read) == 0 {
				return 0, false
			}
			k.keys = k.parser.Feed(read)
		case <-late:
			k.keys = k.parser.Rest()
		case <-k.again:
			k.line.Redraw()
		case <-k.drop:
			return readline.CtrlC, true
		case <-k.signals.Caught():
			return 0, false
		}
	}
	key := k.keys[0]
	k.keys = k.keys[1:]
	return key, true
}
