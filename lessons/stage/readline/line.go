package readline

import (
	"io"
	"slices"
	"strings"
	"unicode"
)

// Line is a line that is being typed, and those before it. It is drawn on Out, in
// one row of the terminal: what does not fit is out of sight.
type Line struct {
	Out   io.Writer
	Width func() int // of the terminal, which may change

	// Complete, if there is one, says what a word may become: all words that may
	// stand from byte from of the text that is before the cursor, and begin as it
	// does there.
	Complete func(before string) (from int, words []string)

	prompt  string
	text    []rune
	at      int      // the cursor
	history []string // the oldest first
	past    int      // which line of the history is shown; len(history): the new one
	draft   string   // the new one, meanwhile
	drawn   row
}

// row is what the terminal shows behind the prompt.
type row struct {
	first  int // of the text
	shown  []rune
	cursor int
}

// State is what has become of a line.
type State int

// The states.
const (
	Open      State = iota // it is being typed
	Entered                // it ends with Enter
	Cancelled              // Escape has left it
	Ended                  // Ctrl-D says that no more come
)

// Begin begins a line behind a prompt.
func (l *Line) Begin(prompt string) {
	l.prompt, l.text, l.at, l.past, l.draft = prompt, nil, 0, len(l.history), ""
	l.Redraw()
}

// Redraw draws the line where the cursor is now, at the begin of a row.
func (l *Line) Redraw() {
	io.WriteString(l.Out, l.prompt)
	l.drawn = row{}
	l.draw()
}

// String is the text of the line.
func (l *Line) String() string { return string(l.text) }

// Press does what a key asks for. A line that has ended stands above the cursor.
func (l *Line) Press(k Key) State {
	switch k {
	case Enter:
		l.end()
		if text := l.String(); strings.TrimSpace(text) != "" && (len(l.history) == 0 || l.history[len(l.history)-1] != text) {
			l.history = append(l.history, text)
		}
		return Entered
	case Escape:
		l.end()
		return Cancelled
	case CtrlC:
		l.at = len(l.text)
		l.draw()
		io.WriteString(l.Out, "^C\n")
		l.Begin(l.prompt)
		return Open
	case CtrlD:
		if len(l.text) == 0 {
			l.end()
			return Ended
		}
		l.remove(l.at, l.at+1)
	case Tab:
		l.complete()
	default:
		l.edit(k)
	}
	l.draw()
	return Open
}

// Dropping is how to ask, from any goroutine, that the line be dropped: what to do is
// put in asks, a channel with room for one word. It is nil where nothing was typed.
func (l *Line) Dropping(asks chan<- struct{}) func() {
	if len(l.text) == 0 {
		return nil
	}
	return func() {
		select {
		case asks <- struct{}{}:
		default:
		}
	}
}

func (l *Line) end() {
	l.at = len(l.text)
	l.draw()
	io.WriteString(l.Out, "\n")
}

// edit moves the cursor, or changes the text.
func (l *Line) edit(k Key) {
	switch k {
	case Left:
		l.at = max(0, l.at-1)
	case Right:
		l.at = min(len(l.text), l.at+1)
	case Home, CtrlA:
		l.at = 0
	case End, CtrlE:
		l.at = len(l.text)
	case Up:
		l.recall(l.past - 1)
	case Down:
		l.recall(l.past + 1)
	case Backspace:
		l.remove(l.at-1, l.at)
	case Delete:
		l.remove(l.at, l.at+1)
	case CtrlU:
		l.remove(0, l.at)
	case CtrlK:
		l.remove(l.at, len(l.text))
	case CtrlW:
		from := l.at
		for from > 0 && l.text[from-1] == ' ' {
			from--
		}
		for from > 0 && l.text[from-1] != ' ' {
			from--
		}
		l.remove(from, l.at)
	default:
		if k.Printable() && unicode.IsPrint(rune(k)) {
			l.text = slices.Insert(l.text, l.at, rune(k))
			l.at++
		}
	}
}

// remove takes what is from and before to out of the text, as far as it is there.
func (l *Line) remove(from, to int) {
	from, to = max(0, from), min(len(l.text), to)
	if from < to {
		l.text = slices.Delete(l.text, from, to)
		l.at = from
	}
}

// recall shows a line of the history, or the new one behind the last.
func (l *Line) recall(i int) {
	if i < 0 || i > len(l.history) || i == l.past {
		return
	}
	if l.past == len(l.history) {
		l.draft = l.String()
	}
	text := l.draft
	if i < len(l.history) {
		text = l.history[i]
	}
	l.past, l.text = i, []rune(text)
	l.at = len(l.text)
}

// least is how many characters of a line are seen, however long its prompt is.
const least = 10

// draw makes the terminal show what the line is now, and writes no more of it than
// has changed.
func (l *Line) draw() {
	room := max(least, l.Width()-len(l.prompt)-1)
	now := row{first: l.drawn.first}
	if l.at < now.first {
		now.first = l.at
	}
	if l.at > now.first+room {
		now.first = l.at - room
	}
	now.shown = slices.Clone(l.text[now.first:min(len(l.text), now.first+room)])
	now.cursor = l.at - now.first

	same := 0
	for same < min(len(now.shown), len(l.drawn.shown)) && now.shown[same] == l.drawn.shown[same] {
		same++
	}
	var out strings.Builder
	move := func(from, to int, over []rune) {
		if to < from {
			out.WriteString(strings.Repeat("\b", from-to))
			return
		}
		out.WriteString(string(over[from:to]))
	}
	end := l.drawn.cursor
	if same < max(len(now.shown), len(l.drawn.shown)) {
		move(end, same, l.drawn.shown)
		out.WriteString(string(now.shown[same:]))
		gone := max(0, len(l.drawn.shown)-len(now.shown))
		out.WriteString(strings.Repeat(" ", gone) + strings.Repeat("\b", gone))
		end = len(now.shown)
	}
	move(end, now.cursor, now.shown)
	io.WriteString(l.Out, out.String())
	l.drawn = now
}
