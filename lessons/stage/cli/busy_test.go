package cli

import (
	"strings"
	"testing"
	"time"
)

// A loop that takes long has a line, which is gone at its end.
func TestBusy(t *testing.T) {
	var out strings.Builder
	b := busy{out: &out}
	b.Loop(9000, soon-1)
	b.Done()
	if out.Len() > 0 {
		t.Errorf("a short loop has %q", out.String())
	}
	b.Loop(12000, soon+100*time.Millisecond)
	b.Loop(12001, soon+101*time.Millisecond) // too soon after that
	if got := strings.TrimRight(out.String(), " "); got != "\r  12,000 stops so far, 20,000 a second" {
		t.Errorf("the line is %q", got)
	}
	out.Reset()
	b.Done()
	if got := out.String(); got != "\r"+strings.Repeat(" ", busyWidth)+"\r" {
		t.Errorf("it is erased by %q", got)
	}
	out.Reset()
	b.Loop(100_000_000, 500*time.Second)
	b.Loop(100_000_000, 500*time.Second+soon)
	for _, line := range strings.Split(out.String(), "\r") {
		if len(line) > busyWidth {
			t.Errorf("wider than what is erased: %q", line)
		}
	}
}
