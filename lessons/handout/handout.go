// Package handout makes a printable page for each lesson, in Markdown: the
// requests that the lesson makes, what a learner fills in, and an exercise. A second
// page has the solutions. They are made from the events of a run, and the exercises
// and their solutions from the chapter.
package handout

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// Break stands between the page and the solutions, and begins a new sheet of
// paper where the Markdown becomes HTML.
const Break = `<div style="break-before: page"></div>`

// Handout is what a run has in it for a sheet of paper.
type Handout struct {
	Accessible bool // for a screen reader: lists in the place of tables

	lesson    *stage.Lesson
	chapter   string
	head      *event.Lesson
	requests  []request
	tables    []table
	questions []question
}

// request is a request that the run has made, and the sections that made it.
type request struct {
	name     string
	sections []int
}

// question is a question of the lesson, and where it is asked.
type question struct {
	*event.Predict
	section *event.Section
}

// table is a table to fill in. The cells of the columns of which given says so
// are printed on the page too.
type table struct {
	title   string
	columns []string
	given   []bool
	rows    [][]string
}

// maxRows is how many rows of a table people fill in by hand, and maxLines how
// many lines fit on a sheet of paper, on both its sides.
const (
	maxRows  = 12
	maxLines = 2 * 66
)

// Of gathers the handout of a lesson from the events of a run.
func Of(l *stage.Lesson, events []event.Event) *Handout {
	h := &Handout{lesson: l, chapter: chapterOf(l)}
	statuses := table{title: "Status words", columns: []string{"status", "event", "signal or exit code", "it is"},
		given: []bool{true, false, false, false}}
	steps := table{title: "Instructions", columns: []string{"address", "instruction", "registers that change, beside rip"},
		given: []bool{true, true, false}}
	section, regs := &event.Section{}, &event.Regs{}
	for _, e := range events {
		switch e := e.(type) {
		case *event.Lesson:
			h.head = e
		case *event.Section:
			section = e
		case *event.Call:
			h.request(e.Call.Name, section.Number)
		case *event.Stop:
			statuses.stop(e.Stop)
		case *event.Instruction:
			steps.add([]string{e.Addr.String(), e.Text, cmp.Or(changed(regs), "none")})
		case *event.Regs:
			regs = e
		case *event.Table:
			h.add(tableOf(e, section.Number))
		case *event.Predict:
			h.questions = append(h.questions, question{e, section})
		}
	}
	h.tables = append([]table{statuses, steps}, h.tables...)
	for i := range h.tables {
		h.tables[i].shorten()
	}
	h.tables = slices.DeleteFunc(h.tables, func(t table) bool { return len(t.rows) == 0 || len(t.rows) > maxRows })
	for len(h.tables) > 1 && strings.Count(h.Page(), "\n") > maxLines {
		h.tables = h.tables[:len(h.tables)-1]
	}
	return h
}

func (h *Handout) request(name string, section int) {
	i := slices.IndexFunc(h.requests, func(r request) bool { return r.name == name })
	if i < 0 {
		i = len(h.requests)
		h.requests = append(h.requests, request{name: name})
	}
	if r := &h.requests[i]; !slices.Contains(r.sections, section) {
		r.sections = append(r.sections, section)
	}
}

func (h *Handout) add(t table) { h.tables = append(h.tables, t) }

// add appends a row whose first cell has not been seen.
func (t *table) add(row []string) {
	if !slices.ContainsFunc(t.rows, func(r []string) bool { return r[0] == row[0] }) {
		t.rows = append(t.rows, row)
	}
}

// shorten leaves the rows of a long table that are worth filling in: of those with
// the same answer the first.
func (t *table) shorten() {
	all := len(t.rows)
	if all <= maxRows {
		return
	}
	var answers [][]string
	t.rows = slices.DeleteFunc(t.rows, func(row []string) bool {
		var answer []string
		for i, cell := range row {
			if !t.given[i] {
				answer = append(answer, cell)
			}
		}
		known := slices.ContainsFunc(answers, func(a []string) bool { return slices.Equal(a, answer) })
		answers = append(answers, answer)
		return known
	})
	t.title += fmt.Sprintf(", %d of %d rows", len(t.rows), all)
}

// stop adds a wait status. One status can be two kinds of stop. No status tells the
// entry to a system call from its exit: the manual's word for either is syscall-stop.
func (t *table) stop(s tracer.Stop) {
	parts := render.StatusParts(s)
	event := strings.Replace(parts[0].Says, "EVENT_", "", 1) // the column says so
	row := []string{fmt.Sprintf("0x%04x", uint32(s.Status)), event, parts[1].Says, s.Name()}
	if s.Kind == tracer.Killed {
		row[2] = fmt.Sprintf("%d %v", int(s.Signal), s.Signal)
	}
	if s.Kind == tracer.SyscallEnter || s.Kind == tracer.SyscallExit {
		row[3] = "syscall-stop, either one"
	}
	if !slices.ContainsFunc(t.rows, func(r []string) bool { return slices.Equal(r, row) }) {
		t.rows = append(t.rows, row)
	}
}

// changed are the registers that an instruction has changed, but rip: it always
// does.
func changed(e *event.Regs) string {
	var parts []string
	for _, name := range e.ChangedByCode() {
		if w, ok := e.Regs.Get(name); ok && name != "rip" {
			parts = append(parts, name+" "+w.String())
		}
	}
	return strings.Join(parts, ", ")
}

// tableOf is a table of the lesson. What a learner fills in are the numbers, or
// all but the first column where there are none; and what each run has anew.
func tableOf(e *event.Table, section int) table {
	t := table{title: fmt.Sprintf("The table of section %d", section)}
	var at []int
	numbers := false
	for i, c := range e.Columns {
		if c.Bar {
			continue
		}
		isNumber := len(e.Rows) > 0 && (i > 0 && isNumber(e.Rows[0][i]) || isNew(e.Rows[0][i]))
		numbers = numbers || isNumber
		at = append(at, i)
		t.columns = append(t.columns, c.Name)
		t.given = append(t.given, !isNumber)
	}
	for i := range t.given {
		t.given[i] = t.given[i] && (i == 0 || numbers)
	}
	for _, row := range e.Rows {
		var cells []string
		for _, i := range at {
			cells = append(cells, fmt.Sprint(row[i]))
		}
		t.rows = append(t.rows, cells)
	}
	return t
}

func isNumber(cell any) bool {
	switch cell.(type) {
	case int, event.Count, tracer.Word:
		return true
	}
	return false
}

// isNew says whether a value is another in each run.
func isNew(cell any) bool {
	switch cell.(type) {
	case tracer.TID, event.Fact:
		return true
	}
	return false
}

// syscalls are the requests that are not ptrace's.
var syscalls = map[string]string{
	"fork":              "Makes a child, a copy of its parent.",
	"execve":            "Puts another program in the place of this one.",
	"wait4":             "Waits for a change of state of a child or tracee, and reports it.",
	"waitid":            "Waits for a change of state. With WNOWAIT it leaves the child waitable.",
	"kill":              "Sends a signal to a process.",
	"tgkill":            "Sends a signal to one thread.",
	"process_vm_readv":  "Reads the memory of another process.",
	"process_vm_writev": "Writes to the memory of another process.",
}

// Sentence says what a request does, by its name, ptrace or not.
func Sentence(name string) string {
	if text, ok := syscalls[name]; ok {
		return text
	}
	if r, ok := names.RequestByName(name); ok {
		first, _, _ := strings.Cut(r.Sentence, ". ")
		return strings.TrimSuffix(first, ".") + "."
	}
	return fmt.Sprintf("A system call: man 2 %s.", name)
}
