package readline

import (
	"io"
	"slices"
	"strings"
)

// complete puts in what all words have in common that may stand at the cursor, and
// shows them where that is no more than was typed.
func (l *Line) complete() {
	if l.Complete == nil {
		return
	}
	before := string(l.text[:l.at])
	from, words := l.Complete(before)
	if len(words) == 0 {
		return
	}
	typed, to := before[from:], common(words)
	if len(words) == 1 && !strings.ContainsAny(to[len(to)-1:], "=|/*") {
		to += " "
	}
	if to == typed {
		l.list(words)
		return
	}
	was := []rune(typed)
	l.text = slices.Replace(l.text, l.at-len(was), l.at, []rune(to)...)
	l.at += len([]rune(to)) - len(was)
}

// common is what all words begin with.
func common(words []string) string {
	to := words[0]
	for _, w := range words {
		for !strings.HasPrefix(w, to) {
			to = to[:len(to)-1]
		}
	}
	return to
}

// listed is how many words are shown at once.
const listed = 60

// list shows words below the line, and the line again below them.
func (l *Line) list(words []string) {
	more := len(words) - listed
	words = slices.Clone(words[:min(len(words), listed)])
	if more > 0 {
		words = append(words, "...")
	}
	var out strings.Builder
	out.WriteString("\n")
	line := "   "
	for _, w := range words {
		if len(line)+1+len(w) > l.Width() && strings.TrimSpace(line) != "" {
			out.WriteString(line + "\n")
			line = "   "
		}
		line += " " + w
	}
	out.WriteString(line + "\n")
	io.WriteString(l.Out, out.String())
	l.Redraw()
}

// Matching are the words of a list that begin with typed, whatever their case, spelled
// as typed is: lower case for somebody who types no capital.
func Matching(typed string, words []string) (found []string) {
	lower := typed != "" && typed == strings.ToLower(typed)
	for _, w := range words {
		if len(w) < len(typed) || !strings.EqualFold(w[:len(typed)], typed) {
			continue
		}
		if lower && typed != strings.ToUpper(typed) {
			w = strings.ToLower(w)
		}
		found = append(found, typed+w[len(typed):])
	}
	slices.Sort(found)
	return slices.Compact(found)
}
