package cmdtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// CheckCast says what is wrong with an asciinema recording, version 2.
func CheckCast(text string) error {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	var header struct{ Version, Width, Height int }
	if err := json.Unmarshal([]byte(lines[0]), &header); err != nil {
		return fmt.Errorf("the header: %w", err)
	}
	if header.Version != 2 || header.Width < 40 || header.Height < 1 {
		return fmt.Errorf("the header is %+v", header)
	}
	last, shown := 0.0, ""
	for i, line := range lines[1:] {
		var piece []any
		if err := json.Unmarshal([]byte(line), &piece); err != nil {
			return fmt.Errorf("line %d: %w", i+2, err)
		}
		if len(piece) != 3 || piece[1] != "o" {
			return fmt.Errorf("line %d is no piece of output: %s", i+2, line)
		}
		at, isTime := piece[0].(float64)
		out, isText := piece[2].(string)
		if !isTime || !isText || out == "" {
			return fmt.Errorf("line %d has no time or no text: %s", i+2, line)
		}
		if at < last {
			return fmt.Errorf("line %d goes back from %v to %v", i+2, last, at)
		}
		last, shown = at, shown+out
	}
	if shown == "" {
		return errors.New("it shows nothing")
	}
	if strings.Contains(shown, "\x00") || !utf8.ValidString(shown) {
		return errors.New("it has a NUL, or is no UTF-8")
	}
	if strings.Count(shown, "\n") != strings.Count(shown, "\r\n") {
		return errors.New("a line ends without CR")
	}
	colours := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for line := range strings.SplitSeq(colours.ReplaceAllString(shown, ""), "\r\n") {
		if n := utf8.RuneCountInString(line) - 2*strings.Count(line, "\b"); n > header.Width {
			return fmt.Errorf("%d columns of %d: %q", n, header.Width, line)
		}
	}
	return nil
}

// Narrow: no line is wider.
func Narrow(t testing.TB, limit int, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\n"); len(line) > limit {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
}

// ASCII fails the test at a byte that is no printable ASCII.
func ASCII(t testing.TB, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		for _, c := range []byte(strings.TrimSuffix(line, "\n")) {
			if c >= 0x7f || c < ' ' && c != '\t' {
				t.Fatalf("the byte %#x is in %q", c, line)
			}
		}
	}
}
