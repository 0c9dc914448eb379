package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// screen is all that a cast has shown, line by line.
type screen struct {
	width, height int
	lines         [][]span
}

// span is text in one colour: the numbers of the ANSI sequence, "" for none.
type span struct{ text, colour string }

// readCast reads a cast whose output is lines and colours: nothing in it goes
// back, as nothing of ours does.
func readCast(r io.Reader) (*screen, error) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	var header struct{ Version, Width, Height int }
	if !in.Scan() || json.Unmarshal(in.Bytes(), &header) != nil || header.Version != 2 {
		return nil, fmt.Errorf("this is no asciinema recording, version 2")
	}
	s := &screen{width: header.Width, height: header.Height}
	var shown strings.Builder
	for in.Scan() {
		var piece [3]any
		if err := json.Unmarshal(in.Bytes(), &piece); err != nil {
			return nil, err
		}
		text, _ := piece[2].(string)
		shown.WriteString(text)
	}
	colour := ""
	for line := range strings.SplitSeq(shown.String(), "\r\n") {
		var spans []span
		spans, colour = spansOf(line, colour)
		s.lines = append(s.lines, spans)
	}
	return s, in.Err()
}

// spansOf cuts a line at its colours. A colour may go on from the line before.
func spansOf(line, colour string) (spans []span, last string) {
	for line != "" {
		text, rest, found := strings.Cut(line, "\x1b[")
		if text != "" {
			spans = append(spans, span{text, colour})
		}
		if !found {
			break
		}
		colour, line, _ = strings.Cut(rest, "m")
		if reset, _, _ := strings.Cut(colour, ";"); reset == "0" || reset == "22" {
			colour = ""
		}
	}
	return spans, colour
}

// from are the lines of one screen, from the first that has text in it.
func (s *screen) from(text string) ([][]span, error) {
	for i, line := range s.lines {
		all := ""
		for _, part := range line {
			all += part.text
		}
		if strings.Contains(all, text) {
			return s.lines[i:min(i+s.height, len(s.lines))], nil
		}
	}
	return nil, fmt.Errorf("no line of the cast has %q", text)
}
