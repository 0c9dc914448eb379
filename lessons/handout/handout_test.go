package handout_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"ptwalk/docs"
	"ptwalk/lessons"
	"ptwalk/lessons/handout"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// TestHandouts makes the handout of each lesson: a page that fits on one sheet, front
// and back, and tells no answer, and solutions that tell them all.
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
			for _, part := range []string{page, h.Lab(), solutions} {
				narrow(t, part)
			}
			if n := strings.Count(page, "\n"); n > 2*66 {
				t.Errorf("the page has %d lines, and fits on no sheet", n)
			}
			begin := fmt.Sprintf("# %s: %s\n\nName: __", strings.Replace(lessons.ID(l), "-", " ", 1), l.Title)
			if !strings.HasPrefix(page, begin) || !strings.Contains(page, " Date: __") {
				t.Errorf("the page begins without title, name and date: %.200s", page)
			}
			if !strings.Contains(flat(page), fmt.Sprintf("**Goal:** you can %s. It takes %d minutes.", l.Goal, l.Minutes)) {
				t.Error("the page does not say the goal")
			}
			exercises(t, l, h)
			h.Accessible = true
			heard, _, _ := strings.Cut(h.Page(), "\n## Exercise\n")
			if columns := regexp.MustCompile(`[^ \n]  +[^ ]|\|[- ]|___`).FindString(heard); columns != "" {
				t.Errorf("a screen reader would read %q", columns)
			}
			page, _, _ = strings.Cut(page, "\n## Exercise\n")
			solutions, _, _ = strings.Cut(solutions, "\n## Exercise\n")
			for _, e := range rec.Events {
				check(t, e, page, solutions)
			}
			if strings.Count(page, "\n|") != strings.Count(solutions, "\n|") {
				t.Error("the tables of the two pages have other rows")
			}
		})
	}
}

// narrow holds the lines to 80 columns. A command of an exercise is not broken: it is
// copied.
func narrow(t *testing.T, text string) {
	t.Helper()
	fenced := false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if len(line) > 81 && !fenced {
			t.Errorf("%d columns: %s", len(line)-1, line)
		}
	}
}

// flat is a text on one line.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// exercises: where the chapter has something to try, a learner gets one exercise on
// the page and all in the lab, and their solutions on neither.
func exercises(t *testing.T, l *stage.Lesson, h *handout.Handout) {
	t.Helper()
	chapter, err := docs.Pages.ReadFile(lessons.ID(l) + ".md")
	if err != nil {
		t.Fatal(err)
	}
	tries := strings.Contains(string(chapter), "\n## Try it\n")
	if got := strings.Contains(h.Page(), "\n## Exercise\n"); got != tries {
		t.Errorf("an exercise on the page: %v, in the chapter: %v", got, tries)
	}
	if got := strings.Contains(h.Lab(), "\n## Try it\n"); got != tries {
		t.Errorf("something to try in the lab: %v, in the chapter: %v", got, tries)
	}
	_, solved, has := strings.Cut(h.Solutions(), "\n## Exercise\n\n")
	if has != strings.Contains(string(chapter), "\n## Solutions\n") {
		t.Errorf("solutions of exercises: %v, which the chapter has not", has)
	}
	asks, answers := regexp.MustCompile(`(?m)^### \d+\. `), regexp.MustCompile(`(?m)^\*\*\d+\.\*\* `)
	if asked, answered := len(asks.FindAllString(h.Page(), -1)), len(answers.FindAllString(solved, -1)); asked != answered || tries && asked != 1 {
		t.Errorf("the page has %d exercises, and the solutions answer %d", asked, answered)
	}
	if strings.Contains(h.Lab(), "\n**Needed:** a checkout") != tries {
		t.Error("a sheet for the lab says what its exercises need, and no other does")
	}
	for _, sheet := range []string{h.Page(), h.Lab()} {
		if line, _, _ := strings.Cut(solved, "\n"); has && strings.Contains(sheet, line) {
			t.Errorf("a learner's sheet has %q", line)
		}
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
		for i, a := range e.Answers {
			if choice := fmt.Sprintf("- ( ) %s) %s\n", event.Letter(i), a.Text); !strings.Contains(page, choice) {
				t.Errorf("the page does not have the choice %q on a line of its own", choice)
			}
		}
		right := ") " + e.Answers[e.Right].Text + ".**"
		if !strings.Contains(flat(solutions), right) {
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

// TestLongTable: of a long table the rows stay that are worth filling in, each with
// another answer. One that has too many of them is none to fill in.
func TestLongTable(t *testing.T) {
	table := func(steps func(row int) int) *event.Table {
		e := &event.Table{Columns: []event.Column{{Name: "address"}, {Name: "steps", Right: true}}}
		for row := range 20 {
			e.Rows = append(e.Rows, []any{tracer.Addr(0x401000 + row), steps(row)})
		}
		return e
	}
	h := handout.Of(lessons.All[0], []event.Event{
		&event.Section{Number: 5, Title: "Two numbers"},
		table(func(row int) int {
			if steps, ok := map[int]int{3: 10, 13: 0}[row]; ok {
				return steps
			}
			return 1
		}),
		&event.Section{Number: 6, Title: "Twenty numbers"},
		table(func(row int) int { return row }),
	})
	page, solutions := h.Page(), h.Solutions()
	for _, row := range []string{"| 0x401000 | 1     |", "| 0x401003 | 10    |", "| 0x40100d | 0     |"} {
		if !strings.Contains(solutions, row+"\n") {
			t.Errorf("the solutions lack %s in\n%s", row, solutions)
		}
	}
	if !strings.Contains(page, "## The table of section 5, 3 of 20 rows\n") || strings.Count(page, "| 0x") != 3 {
		t.Errorf("a long table is on the page as\n%s", page)
	}
	if strings.Contains(page, "section 6") {
		t.Error("twenty answers are to be filled in")
	}
}
