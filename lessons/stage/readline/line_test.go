package readline

import (
	"strings"
	"testing"
)

// screen shows what is written as a terminal of one row does, which knows backspace
// and the end of a line alone.
type screen struct {
	row    []rune
	at     int
	above  []string
	strays string // what a dumb terminal would not know
}

func (s *screen) Write(p []byte) (int, error) {
	for _, r := range string(p) {
		switch {
		case r == '\b':
			s.at--
		case r == '\n':
			s.above = append(s.above, strings.TrimRight(string(s.row), " "))
			s.row, s.at = nil, 0
		case r < ' ':
			s.strays += string(r)
		default:
			s.row = append(s.row[:s.at], append([]rune{r}, s.row[min(len(s.row), s.at+1):]...)...)
			s.at++
		}
	}
	return len(p), nil
}

func typing(l *Line, keys string) (state State) {
	var parser Keys
	for _, k := range parser.Feed([]byte(keys)) {
		state = l.Press(k)
	}
	return state
}

// TestLine types, and sees on the terminal what the line is.
func TestLine(t *testing.T) {
	const left, right, up, down, home, end, del = "\x1b[D", "\x1b[C", "\x1b[A", "\x1b[B", "\x1b[H", "\x1b[F", "\x1b[3~"
	for _, c := range []struct {
		keys, text string
		cursor     int
	}{
		{"regs", "regs", 4},
		{"regx\x7fs", "regs", 4},
		{"rgs" + left + left + "e", "regs", 2},
		{"regs" + home + "x" + end + "y", "xregsy", 6},
		{"regs" + home + del + del + right, "gs", 1},
		{"mem rsp 64\x17\x17", "mem ", 4},
		{"mem rsp" + left + "\x15", "p", 0},
		{"mem rsp" + home + "\x0b" + "maps", "maps", 4},
		{"abc" + home + "\x04", "bc", 0},
		{"abc" + home + "\x03", "", 0},
		{"one\rtw\x03" + up, "one", 3},
		{"one\rtwo\r" + up, "two", 3},
		{"one\rtwo\rth" + up + up + up + down, "two", 3},
		{"one\rtwo\rth" + up + up + down + down, "th", 2},
		{"one\rone\rx" + up + up, "one", 3},
		{"\x7f" + left + down + up + del + "a", "a", 1},
	} {
		s := &screen{}
		l := &Line{Out: s, Width: func() int { return 80 }}
		l.Begin(": ")
		for _, part := range strings.SplitAfter(c.keys, "\r") {
			if typing(l, part) == Entered {
				l.Begin(": ")
			}
		}
		if l.String() != c.text || l.at != c.cursor || s.strays != "" {
			t.Errorf("%q: %q with the cursor at %d, want %q at %d", c.keys, l, l.at, c.text, c.cursor)
		}
		if got := strings.TrimRight(string(s.row), " "); got != strings.TrimRight(": "+c.text, " ") || s.at != 2+c.cursor {
			t.Errorf("%q is shown as %q with the cursor at %d", c.keys, got, s.at)
		}
	}
}

// TestLineEnds: Enter, Escape, and Ctrl-D where nothing was typed. The cursor is at
// the begin of the next row then.
func TestLineEnds(t *testing.T) {
	for keys, want := range map[string]State{"a\r": Entered, "\r": Entered, "\x04": Ended, "a\x04": Open} {
		s := &screen{}
		l := &Line{Out: s, Width: func() int { return 80 }}
		l.Begin(": ")
		if got := typing(l, keys); got != want || (s.at == 0) != (want != Open) {
			t.Errorf("%q: state %d, want %d; the cursor is at %d", keys, got, want, s.at)
		}
	}
	l := &Line{Out: &screen{}, Width: func() int { return 80 }}
	l.Begin(": ")
	if typing(l, "abc"); l.Press(Escape) != Cancelled {
		t.Error("Escape does not leave the line")
	}
}

// TestLongLine stays in its row.
func TestLongLine(t *testing.T) {
	s := &screen{}
	l := &Line{Out: s, Width: func() int { return 20 }}
	l.Begin(": ")
	typing(l, strings.Repeat("0123456789", 3)+"end")
	if got := string(s.row); len(got) > 20 || !strings.HasSuffix(strings.TrimRight(got, " "), "end") {
		t.Errorf("it is shown as %q", got)
	}
	typing(l, "\x1b[H")
	if got := string(s.row); len(got) > 20 || !strings.HasPrefix(got, ": 0123456789") || s.at != 2 {
		t.Errorf("its begin is shown as %q, with the cursor at %d", got, s.at)
	}
	if l.Press(Enter) != Entered || len(l.String()) != 33 {
		t.Errorf("it is %q", l)
	}
}

// TestComplete: Tab puts in what is certain, and shows the words where that is no more.
func TestComplete(t *testing.T) {
	words := []string{"PEEKUSER", "PEEKDATA", "POKEUSER", "SETREGS"}
	for _, c := range []struct{ keys, text, shows string }{
		{"s\t", "setregs ", ""},
		{"PE\t", "PEEK", ""},
		{"PEEK\t", "PEEK", "    PEEKDATA PEEKUSER"},
		{"pe\t\t", "peek", "    peekdata peekuser"},
		{"x\t", "x", ""},
		{"go sE\t", "go sETREGS ", ""},
		{"se x\x1b[D\x1b[D\t", "setregs  x", ""},
	} {
		s := &screen{}
		l := &Line{Out: s, Width: func() int { return 80 }, Complete: func(before string) (int, []string) {
			from := strings.LastIndex(before, " ") + 1
			return from, Matching(before[from:], words)
		}}
		l.Begin(": ")
		typing(l, c.keys)
		if l.String() != c.text || !strings.HasPrefix(string(s.row), ": "+c.text) {
			t.Errorf("%q gives %q, shown as %q, want %q", c.keys, l, string(s.row), c.text)
		}
		if got := strings.Join(s.above, "\n"); !strings.Contains(got, c.shows) || c.shows == "" && got != "" {
			t.Errorf("%q shows %q, want %q", c.keys, got, c.shows)
		}
	}
}
