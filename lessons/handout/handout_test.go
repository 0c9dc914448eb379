package handout_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"ptwalk/lessons"
	"ptwalk/lessons/handout"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// TestHandouts makes the handout of each lesson: a page that fits on one sheet
// and tells no answer, and solutions that tell them all.
func TestHandouts(t *testing.T) {
	for _, l := range lessons.All {
		t.Run(lessons.ID(l), func(t *testing.T) {
			rec, err := replay.Embedded(lessons.ID(l))
			if err != nil {
				t.Fatal(err)
			}
			h := handout.Of(l, rec.Events)
			page, solutions := h.Page(), h.Solutions()
			if h.Markdown() != page+"\n"+handout.Break+"\n\n"+solutions {
				t.Error("the whole is not the page, a break and the solutions")
			}
			for _, part := range []string{page, solutions} {
				for line := range strings.Lines(part) {
					if len(line) > 81 {
						t.Errorf("%d columns: %s", len(line)-1, line)
					}
				}
			}
			if n := strings.Count(page, "\n"); n > 66 {
				t.Errorf("the page has %d lines, and fits on no sheet", n)
			}
			for _, e := range rec.Events {
				check(t, e, page, solutions)
			}
			if strings.Count(page, "\n|") != strings.Count(solutions, "\n|") {
				t.Error("the tables of the two pages have other rows")
			}
		})
	}
}

// check looks for what an event has to have brought.
func check(t *testing.T, e event.Event, page, solutions string) {
	t.Helper()
	switch e := e.(type) {
	case *event.Call:
		if !strings.Contains(page, "`"+e.Call.Name+"`, section") {
			t.Errorf("the page has no request %s", e.Call.Name)
		}
	case *event.Stop:
		is := e.Stop.Name()
		if e.Stop.Kind == tracer.SyscallEnter || e.Stop.Kind == tracer.SyscallExit {
			is = "syscall-stop, either one"
		}
		row := regexp.MustCompile(fmt.Sprintf(`\| 0x%04x +\|[^\n]*\| %s +\|`, uint32(e.Stop.Status), is))
		if !row.MatchString(solutions) {
			t.Errorf("the solutions have no row for %v, %s", e.Stop.Status, e.Stop.Name())
		}
		if row.MatchString(page) {
			t.Errorf("the page tells what %v is", e.Stop.Status)
		}
	case *event.Predict:
		if !strings.Contains(page, first(e.Question)) {
			t.Errorf("the page does not ask %q", e.Question)
		}
		right := ") " + e.Answers[e.Right].Text + ".**"
		if !strings.Contains(strings.Join(strings.Fields(solutions), " "), right) {
			t.Errorf("the solutions do not have %q", right)
		}
		if why := first(e.Answers[e.Right].Why); strings.Contains(page, why) {
			t.Errorf("the page tells %q", why)
		}
	}
}

// first is the begin of a text, which no line break can be in.
func first(text string) string {
	fields := strings.Fields(text)
	return strings.Join(fields[:min(3, len(fields))], " ")
}
