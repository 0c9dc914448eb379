package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"ptwalk/lessons/stage/event"
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
		case event.IsControl(r):
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = append(out, line[:size]...)
		}
		line = line[size:]
	}
	return out
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
