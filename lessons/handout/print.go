package handout

import (
	"fmt"
	"strings"

	"ptwalk/lessons/stage/event"
)

// Markdown is the page and, behind a break, the solutions.
func (h *Handout) Markdown() string { return h.Page() + "\n" + Break + "\n\n" + h.Solutions() }

// Page is what a learner gets: a sheet with one exercise.
func (h *Handout) Page() string { return h.sheet("", "Exercise", first(part(h.chapter, tryPart))) }

// Lab is a learner's sheet for a lesson at the machine, with all that its chapter
// has to try. Their solutions are in the chapter.
func (h *Handout) Lab() string { return h.sheet(needed, tryPart, part(h.chapter, tryPart)) }

// needed is what the exercises stand on.
const needed = "**Needed:** a checkout of ptwalk, Go, gcc. `ptwalk site DIR` has the chapters."

// sheet is a learner's sheet that ends with exercises, and what these need.
func (h *Handout) sheet(needs, title, exercises string) string {
	var p page
	p.line("# %02d %s: %s", h.lesson.Number, h.lesson.Name, h.lesson.Title)
	p.line("")
	if h.Accessible {
		p.line("- Name:\n- Date:")
	} else {
		p.line("Name: %s Date: %s", strings.Repeat("_", 46), strings.Repeat("_", 20))
	}
	p.line("")
	p.wrap("", "", fmt.Sprintf("**Goal:** you can %s. It takes %d minutes.", h.lesson.Goal, h.lesson.Minutes))
	p.line("")
	if needs != "" && exercises != "" {
		p.line("%s", needs)
		p.line("")
	}
	p.line("## Requests")
	p.line("")
	for _, r := range h.requests {
		where := "section "
		if len(r.sections) > 1 {
			where = "sections "
		}
		p.wrap("- ", "  ", fmt.Sprintf("`%s`, %s: %s", r.name, where+list(r.sections), Sentence(r.name)))
	}
	p.fill(h.tables, false, h.Accessible)
	if len(h.questions) > 0 {
		p.line("")
		p.line("## What do you expect?")
		p.line("")
	}
	for i, q := range h.questions {
		number := fmt.Sprintf("%d. ", i+1)
		under := strings.Repeat(" ", len(number))
		p.wrap(number, under, escape(fmt.Sprintf("Section %d, %s: %s", q.section.Number, q.section.Title, q.Question)))
		for j, a := range q.Answers {
			p.line("%s- ( ) %s) %s", under, event.Letter(j), escape(a.Text)) // a choice is one line, whatever its length
		}
	}
	p.text(title, exercises)
	return p.String()
}

// Solutions is what the teacher gets: the answers to all that the page asks. The
// chapter has those of the exercises that are in the lab alone.
func (h *Handout) Solutions() string {
	var p page
	p.line("# %02d %s: solutions", h.lesson.Number, h.lesson.Name)
	if h.head != nil {
		p.line("")
		p.wrap("", "", fmt.Sprintf("From a run on Linux %s, %s. Thread ids, addresses of the stack and numbers of the C library are others on your machine.",
			h.head.Kernel, h.head.Machine))
	}
	p.fill(h.tables, true, h.Accessible)
	if len(h.questions) > 0 {
		p.line("")
		p.line("## Questions")
		p.line("")
	}
	for i, q := range h.questions {
		text := "None of the answers fits: " + q.Question
		if q.Right >= 0 {
			a := q.Answers[q.Right]
			text = fmt.Sprintf("**%c) %s.** %s", 'a'+q.Right, escape(a.Text), escape(strings.Join(strings.Fields(a.Why), " ")))
		}
		p.wrap(fmt.Sprintf("%d. ", i+1), "   ", text)
	}
	p.text("Exercise", first(part(h.chapter, solutionPart)))
	return p.String()
}

// page collects lines of at most 80 columns.
type page struct{ strings.Builder }

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// text prints a part of a chapter, if there is one.
func (p *page) text(title, markdown string) {
	if markdown != "" {
		p.line("\n## %s\n\n%s", title, markdown)
	}
}

func (p *page) wrap(first, rest, text string) {
	line := first
	for i, word := range strings.Fields(text) {
		switch {
		case i > 0 && len(line)+1+len(word) > 80:
			p.line("%s", line)
			line = rest + word
		case i > 0:
			line += " " + word
		default:
			line += word
		}
	}
	p.line("%s", line)
}

// fill prints tables, whole or to be filled in, in the same widths.
func (p *page) fill(tables []table, solved, accessible bool) {
	for _, t := range tables {
		p.line("")
		p.line("## %s", t.title)
		p.line("")
		if accessible {
			p.list(t, solved)
			continue
		}
		widths := make([]int, len(t.columns))
		for i, name := range t.columns {
			widths[i] = max(3, len(name))
			for _, row := range t.rows {
				widths[i] = max(widths[i], len(escape(row[i])))
			}
		}
		row := func(cells []string) {
			line := "|"
			for i, cell := range cells {
				line += fmt.Sprintf(" %-*s |", widths[i], cell)
			}
			p.line("%s", line)
		}
		row(t.columns)
		line := "|"
		for _, w := range widths {
			line += strings.Repeat("-", w+2) + "|"
		}
		p.line("%s", line)
		for _, cells := range t.rows {
			shown := make([]string, len(cells))
			for i, cell := range cells {
				if solved || t.given[i] {
					shown[i] = escape(cell)
				}
			}
			row(shown)
		}
	}
}

// list prints the rows of a table as items; a question mark is to be filled in.
func (p *page) list(t table, solved bool) {
	for _, cells := range t.rows {
		var parts []string
		for i, cell := range cells {
			switch {
			case !solved && !t.given[i]:
				cell = "?"
			case cell == "":
				continue
			}
			parts = append(parts, strings.TrimSpace(t.columns[i]+" "+escape(cell)))
		}
		p.wrap("- ", "  ", strings.Join(parts, "; ")+".")
	}
}

// escape keeps characters of a value from being marks of Markdown.
func escape(text string) string {
	return strings.NewReplacer("|", `\|`, "*", `\*`, "<", `\<`, "`", "\\`", "[", `\[`).Replace(text)
}

// list names sections: "1-3, 5".
func list(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		part := fmt.Sprint(numbers[i])
		if j > i {
			part += fmt.Sprintf("-%d", numbers[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ", ")
}
