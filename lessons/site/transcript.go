package site

import (
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
	"ptwalk/tracer"
)

// told is some lines of a transcript that belong together, and what they tell.
type told struct {
	lines []string
	cause []event.Event
}

// transcript prints the events of one section as the terminal would.
func transcript(events []event.Event, spell event.Speller) (out []told) {
	text := render.NewText(io.Discard, render.Style{Width: 80, Spell: spell})
	text.Trace(func(line string, cause []event.Event) {
		lines := strings.Split(line, "\n")
		if n := len(out); n > 0 && slices.Equal(out[n-1].cause, cause) {
			out[n-1].lines = append(out[n-1].lines, lines...)
			return
		}
		out = append(out, told{lines, slices.Clone(cause)})
	})
	for _, e := range events {
		text.Event(e)
	}
	text.Event(&event.End{}) // tells the brief calls that wait
	if n := len(out); n > 0 && out[n-1].cause[0].Kind() == "end" {
		out = out[:n-1]
	}
	return out
}

// transcripts writes the sections of one chapter.
type transcripts struct {
	recording Recording
	run       Run
	anchors   map[string]bool // places of the source that a line has the anchor of
	shown     map[int]bool    // sections of the run, by number
}

// html is a section as a figure, or what the page shows of it: the heading leads to
// the player, requests lead to the lines that made them, and a table with bars is
// drawn.
func (t *transcripts) html(number int, page string) (template.HTML, error) {
	events := section(t.recording.Events, number)
	if len(events) == 0 {
		return "", fmt.Errorf("the recording of %s has no section %d", t.recording.ID, number)
	}
	var out strings.Builder
	fmt.Fprintf(&out, `<figure class="run"%s><figcaption>The run, section %d`, t.place(number), number)
	for _, s := range t.run.Sections {
		if s.Number == number {
			fmt.Fprintf(&out, ` <a href="play.html#step-%d">Step through section %d</a>`, s.First, number)
		}
	}
	out.WriteString("</figcaption>")
	open := false
	pre := func(want bool) {
		switch {
		case want && !open:
			fmt.Fprintf(&out, `<pre tabindex="0" role="group" aria-label="Transcript of section %d">`, number)
		case !want && open:
			out.WriteString("</pre>")
		}
		open = want
	}
	groups, omits := t.chosen(events, page)
	for i, group := range groups {
		if omits[i] {
			pre(true)
			out.WriteString("  ...\n")
		}
		if table, ok := group.cause[0].(*event.Table); ok && barColumn(table) >= 0 {
			pre(false)
			out.WriteString(string(tableOf(table)))
			continue
		}
		if group.cause[0].Kind() == "section" {
			continue // the figure has a heading of its own
		}
		if !open { // no blank line at the beginning
			for len(group.lines) > 0 && group.lines[0] == "" {
				group.lines = group.lines[1:]
			}
		}
		pre(true)
		out.WriteString(t.group(group))
	}
	pre(false)
	out.WriteString("</figure>")
	return template.HTML(out.String()), nil
}

// chosen is the groups of a section that the page shows, and before which of them
// it leaves some out. The page is written with other words for what differs from
// run to run, so the lines of both spellings are laid beside each other.
func (t *transcripts) chosen(events []event.Event, page string) (groups []told, omits []bool) {
	measured, stable := transcript(events, nil), transcript(events, event.NewStableOf(tracer.TID(t.run.Tracer)))
	wanted := strings.Split(page, "\n")
	omit := false
	for i, group := range stable {
		found := false
		for _, line := range group.lines {
			for len(wanted) > 0 && (wanted[0] == "" || strings.TrimSpace(wanted[0]) == "...") {
				wanted = wanted[1:]
			}
			if len(wanted) > 0 && line == wanted[0] {
				found, wanted = true, wanted[1:]
			}
		}
		if found && i < len(measured) {
			groups, omits, omit = append(groups, measured[i]), append(omits, omit && len(groups) > 0), false
		} else if group.cause[0].Kind() != "section" {
			omit = true
		}
	}
	if len(wanted) > 0 || len(measured) != len(stable) { // another run than that of the page
		return measured, make([]bool, len(measured))
	}
	return groups, omits
}

// place is the id of a section where it is shown for the first time.
func (t *transcripts) place(number int) string {
	if t.shown[number] {
		return ""
	}
	t.shown[number] = true
	return fmt.Sprintf(` id="run-%d"`, number)
}

// group is lines that tell one thing. They name the places in the source that
// they come from, and the first request to name a place is its anchor.
func (t *transcripts) group(g told) string {
	var places []string
	for _, e := range g.cause {
		if at := shortAt(event.At(e)); !slices.Contains(places, at) {
			places = append(places, at)
		}
	}
	html := escape(strings.Join(g.lines, "\n"))
	asks := true
	switch e := g.cause[0].(type) {
	case *event.Call:
		rest := strings.TrimPrefix(html, escape(g.lines[0]))
		html = linkedCall(g.lines[0], e, places[0]) + rest
	case *event.Instruction: // a row stands for the requests that made it
		addr := e.Addr.String()
		html = strings.Replace(html, addr, linkTo(places[0], addr), 1)
	default:
		asks = false
	}
	anchor := ""
	for _, place := range places {
		if asks && !t.anchors[place] {
			t.anchors[place] = true
			anchor += fmt.Sprintf(`<a id="at-%s"></a>`, fragment(place))
		}
	}
	return fmt.Sprintf(`%s<span class="told %s" data-at="%s"%s>%s</span>`+"\n",
		anchor, classOf(g.cause[0]), strings.Join(places, " "), makes(g.cause), html)
}

// makes names the calls that some lines tell.
func makes(cause []event.Event) string {
	var calls []string
	for _, e := range cause {
		if c, ok := e.(*event.Call); ok && !slices.Contains(calls, c.Call.Name) {
			calls = append(calls, c.Call.Name)
		}
	}
	if calls == nil {
		return ""
	}
	return fmt.Sprintf(` data-makes="%s"`, escape(strings.Join(calls, " ")))
}

// linkedCall is the first line of a request: the C line, or the word "calls"
// before brief ones, leads to the source.
func linkedCall(line string, call *event.Call, place string) string {
	rest := strings.TrimLeft(line, " ")
	label, rest, _ := strings.Cut(rest, " ")
	indent := line[:strings.Index(line, label)]
	if call.Brief {
		return indent + linkTo(place, label) + " " + escape(rest)
	}
	expression := strings.TrimLeft(rest, " ")
	gap := rest[:len(rest)-len(expression)]
	outcome := ""
	if whole := call.Call.Expression(tracer.Measured{}); strings.HasPrefix(expression, whole) {
		expression, outcome = whole, expression[len(whole):]
	}
	return indent + "<b>" + escape(label) + "</b> " + gap + linkTo(place, expression) + escape(outcome)
}

// linkTo is text that leads to a line of the source.
func linkTo(place, text string) string {
	return fmt.Sprintf(`<a href="#%s">%s</a>`, fragment(place), escape(text))
}

// fragment makes an id of a place: "singlestep.go-41".
func fragment(place string) string { return strings.ReplaceAll(place, ":", "-") }

// classOf names the lines that tell an event.
func classOf(e event.Event) string {
	if c, ok := e.(*event.Call); ok && c.Call.Errno != 0 {
		return "told-call told-failed"
	}
	return "told-" + e.Kind()
}

// section is the events of one section, its heading first.
func section(events []event.Event, number int) (out []event.Event) {
	inside := false
	for _, e := range events {
		switch e := e.(type) {
		case *event.Section:
			inside = e.Number == number
		case *event.End:
			inside = false
		}
		if inside {
			out = append(out, e)
		}
	}
	return out
}
