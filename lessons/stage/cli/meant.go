package cli

import (
	"strings"

	"ptwalk/lessons/stage/event"
)

// meant is the answer that a line means: its letter, also as it is shown, "b)"; or
// its text, or the first words of that where no other answer begins with them.
func meant(line string, answers []event.Answer) (which int, is bool) {
	line = strings.ToLower(line)
	for i := range answers {
		if l := event.Letter(i); line == l || line == l+")" || line == l+"." {
			return i, true
		}
	}
	begin := 0
	for i, a := range answers {
		text := strings.ToLower(a.Text)
		if _, words, has := strings.Cut(line, ") "); text == line || has && text == words && line[:1] == event.Letter(i) {
			return i, true
		}
		if rest, begins := strings.CutPrefix(text, line); begins && !isLetter(rest[0]) {
			which = i
			begin++
		}
	}
	return which, begin == 1
}

// isLetter says whether a word goes on with it.
func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }
