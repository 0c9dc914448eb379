package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// harmless is a copy of a line of JSON in which what a terminal could obey is
// escaped. JSON itself forbids the control characters below a space.
func harmless(line []byte) []byte {
	out := make([]byte, 0, len(line))
	for len(line) > 0 {
		r, size := utf8.DecodeRune(line)
		switch {
		case r == utf8.RuneError && size <= 1:
			out = append(out, "\ufffd"...)
		case r == '\t' || r == '\r': // between two values, where white space may be
			out = append(out, ' ')
		case isControl(r):
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = append(out, line[:size]...)
		}
		line = line[size:]
	}
	return out
}

func isControl(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 }

// clean is a text of a recording without control characters. Lines may stay
// where a text has several.
func clean(text string, lines bool) string {
	return strings.Map(func(r rune) rune {
		if isControl(r) && !(lines && r == '\n') {
			return '.'
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}

// marked puts "replay":true into a lesson event.
func marked(line []byte) []byte {
	var head struct {
		Kind   string
		Replay any
	}
	if json.Unmarshal(line, &head) != nil || head.Kind != "lesson" || head.Replay != nil {
		return line
	}
	line = bytes.TrimRight(line, " ")
	return append(line[:len(line)-1:len(line)-1], `,"replay":true}`...)
}
