// Package render prints events: as text, as Markdown, as JSON, as the recording
// of a terminal. A printer is a function of the events alone.
//
// The rules of all that people read:
//
//   - Lines are appended, one after the other. None is written over, so that a
//     pipe, a projector and a screen reader get the same. (That a loop takes long is
//     told on a terminal alone, by the command line: it is no event.)
//   - No line is wider than the terminal, 80 columns at most and 40 at least. What
//     does not fit is broken at a space, and goes on indented.
//   - What we say is ASCII. What a program says may be more, and becomes question
//     marks where the terminal knows no UTF-8.
//   - A control character that is not ours never reaches the terminal.
//   - Colours are those of one table, by role. None carries a meaning of its own.
//   - A label tells who speaks: tracer, child, kernel, tracee, memory, calls.
//   - A screen reader gets sentences: no columns made of spaces, no rules, no bars.
//   - The first error of the writer is kept, and nothing is written after it.
package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// Style of the text for people.
type Style struct {
	Width      int           // columns, at least 40
	Color      bool          // ANSI colours
	Accessible bool          // for a screen reader: no columns, no rules, no drawings
	Spell      event.Speller // nil: as measured
	Each       bool          // a line for every call, those of a row or a table too
}

// Text writes events for people: plain lines, each at most Width columns wide
// where its content allows it.
type Text struct {
	w     io.Writer
	style Style
	paint paint
	err   error

	tally []tallied     // brief calls since the last line that tells them
	brief []event.Event // the same calls, one by one
	cause []event.Event // what the lines that are written now tell
	coded bool          // the si_code of this stop was told
	held  heldRow       // what a row has brought that is not told yet
	trace func(line string, cause []event.Event)
	asked *event.Predict
	fresh bool   // nothing was printed since the section's heading
	tool  bool   // a command prints, and no lesson
	shown string // what each screen of a replay begins with, "" in a run

	mark string // that every line begins with
}

type tallied struct {
	name string
	n    int
}

// NewText returns a printer that writes to w.
func NewText(w io.Writer, style Style) *Text {
	if style.Spell == nil {
		style.Spell = event.Measured{}
	}
	p := &Text{w: w, style: style, paint: newPaint(style.Color)}
	p.Fit(style.Width)
	return p
}

// Fit follows a terminal of that width, which may have changed.
func (p *Text) Fit(width int) { p.style.Width = max(width, narrowest) - len(p.mark) }

// Err returns the first error of the writer.
func (p *Text) Err() error { return p.err }

// Trace calls f for each line that is written, without its end, with the events
// that it tells: one, or all the brief calls that a line names. f must not keep
// the slice.
func (p *Text) Trace(f func(line string, cause []event.Event)) { p.trace = f }

// narrowest is the width that a line can have, however narrow the terminal is.
const narrowest = 40

// The columns at which the label, the content and its continuation begin.
const (
	margin  = "  "
	content = "          " // after the label: "  tracer  "
)

// Event prints e.
func (p *Text) Event(e event.Event) {
	if p.hold(e) {
		return
	}
	switch e.(type) {
	case *event.Call, *event.Stop, *event.Regs, *event.Instruction, *event.Memory, *event.SigInfo, *event.Syscall:
	case *event.End:
		if !p.tool { // what a command did after its last words was to let go
			p.Flush()
		}
	default:
		p.Flush()
	}
	p.cause = []event.Event{e}
	switch e := e.(type) {
	case *event.Lesson:
		p.lesson(e)
	case *event.Section:
		p.section(e)
		p.fresh = true
		return
	case *event.Say:
		p.say(e.Text)
	case *event.Note:
		p.fill(p.under(), p.under(), p.paint.note, e.Text(p.style.Spell))
	case *event.Predict:
		p.predict(e)
	case *event.Call:
		p.coded = false
		p.call(e)
	case *event.Stop:
		p.stop(e)
	case *event.Regs:
		p.regs(e)
	case *event.Instruction:
		p.instruction(e)
	case *event.Memory:
		if !e.Brief || p.style.Each {
			p.memory(e)
		}
	case *event.SigInfo:
		p.sigInfo(e)
	case *event.Syscall:
		if !e.Brief || p.style.Each {
			p.kernel(e.Text(p.style.Spell))
		}
	case *event.Output:
		p.output(e)
	case *event.ProgramCount:
		p.count(e)
	case *event.Table:
		p.table(e)
	case *event.End:
		if !p.tool {
			p.line("")
		}
	}
	p.fresh = false
}

// line writes a line, broken at spaces if it is too wide.
func (p *Text) line(s string) {
	for _, s := range WrapColumns(strings.TrimRight(s, " "), p.style.Width, leading(s)+4) {
		if p.trace != nil {
			p.trace(s, p.cause)
		}
		if p.err == nil {
			_, p.err = io.WriteString(p.w, s+"\n")
		}
	}
}

func (p *Text) lesson(e *event.Lesson) {
	p.shown = Replayed(e, p.style.Spell)
	if p.tool = e.Number == 0 && p.shown == ""; p.tool {
		return // it is what was asked for
	}
	if p.shown != "" {
		p.line(p.paint.bad(p.shown))
	}
	if e.Number == 0 {
		p.line(p.paint.title(e.Name + " " + e.Title))
		return
	}
	head := fmt.Sprintf("%02d %s", e.Number, e.Name)
	gap := p.style.Width - len(head) - len(e.Title)
	if p.style.Accessible || gap < 2 {
		p.line(p.paint.title("Lesson " + head + ": " + e.Title))
	} else {
		p.line(p.paint.title(head) + strings.Repeat(" ", gap) + e.Title)
	}
	if p.shown != "" {
		return // it names them too
	}
	p.line(fmt.Sprintf("%sLinux %s, %s", margin, p.style.Spell.Fact(event.Fact(e.Kernel)), p.style.Spell.Fact(event.Fact(e.Machine))))
}

func (p *Text) section(e *event.Section) {
	if names, ok := p.style.Spell.(interface{ Section() }); ok {
		names.Section()
	}
	p.line("")
	if p.shown != "" {
		p.line(p.paint.bad(p.shown))
	}
	if p.style.Accessible {
		p.line(p.paint.title(fmt.Sprintf("Section %d: %s", e.Number, e.Title)))
		return
	}
	head := fmt.Sprintf("-- %d  %s ", e.Number, e.Title)
	p.line(p.paint.title(head + strings.Repeat("-", max(0, p.style.Width-len(head)))))
}

// Replayed is the line that each screen of a replay begins with.
func Replayed(e *event.Lesson, sp event.Speller) string {
	if !e.Replay {
		return ""
	}
	return fmt.Sprintf("REPLAY of a run on Linux %s, %s", sp.Fact(event.Fact(e.Kernel)), sp.Fact(event.Fact(e.Machine)))
}

func (p *Text) say(text string) {
	if !p.fresh {
		p.line("")
	}
	for i, para := range strings.Split(text, "\n\n") {
		if strings.HasPrefix(para, "    ") {
			for _, line := range strings.Split(para, "\n") {
				if p.style.Accessible {
					line = margin + strings.Join(strings.Fields(line), " ")
				}
				p.line(p.paint.code(line))
			}
			continue
		}
		if i > 0 {
			p.line("")
		}
		p.fill(margin, margin, p.paint.plain, para)
	}
}

func (p *Text) predict(e *event.Predict) {
	if p.asked == e {
		p.asked = nil // the answer is told by the note that follows
		return
	}
	if e.Right < 0 {
		p.asked = e
	}
	var choices []string
	for i, a := range e.Answers {
		choices = append(choices, event.Letter(i)+") "+a.Text)
	}
	p.line("")
	mark := "  ? "
	if p.style.Accessible {
		mark = "  Question: "
	}
	p.fill(mark, "    ", p.paint.question, e.Question)
	oneLine := "    " + strings.Join(choices, "   ")
	if len(oneLine) <= p.style.Width && !p.style.Accessible {
		p.line(p.paint.question(oneLine))
		return
	}
	for _, c := range choices {
		p.fill("    ", "       ", p.paint.question, c)
	}
}

func (p *Text) instruction(e *event.Instruction) {
	if e.Label != "" {
		p.line(margin + p.paint.code(e.Label+":"))
	}
	hex := fmt.Sprintf("% x", e.Bytes)
	if p.style.Accessible {
		p.line(fmt.Sprintf("%s%s: %s. %s", margin, p.style.Spell.Addr(e.Addr), e.Text, e.Meaning))
		p.tellRow()
		return
	}
	p.line(margin + pad(p.style.Spell.Addr(e.Addr), 8) + "  " + pad(hex, 22) + " " + p.paint.code(e.Text))
	if e.Meaning != "" {
		p.fill(content, content, p.paint.note, e.Meaning)
	}
	p.tellRow()
}

func (p *Text) memory(e *event.Memory) {
	across := p.across(e)
	for i := 0; i < len(e.Bytes); i += across {
		row := e.Bytes[i:min(i+across, len(e.Bytes))]
		at := p.style.Spell.Addr(e.Addr + tracer.Addr(i))
		if p.style.Accessible {
			p.line(fmt.Sprintf("%smemory at %s: % x%s", margin, at, row, spoken(row)))
			continue
		}
		p.line(p.paint.child(margin+"memory  ") + at + "  " + pad(fmt.Sprintf("% x", row), 3*across-1) + "  " + event.Printable(row))
	}
}

// spoken is the text in memory, without what cannot be read aloud.
func spoken(p []byte) string {
	words := bytes.FieldsFunc(p, func(r rune) bool { return r < ' ' || '~' < r })
	if len(words) == 0 {
		return ""
	}
	return fmt.Sprintf(", as text %q", bytes.Join(words, []byte(" ")))
}

// across is how many bytes stand in a row: 16, or as many as fit beside the
// address and the text.
func (p *Text) across(e *event.Memory) int {
	if p.style.Accessible {
		return 8
	}
	address := len(p.style.Spell.Addr(e.Addr + tracer.Addr(max(0, len(e.Bytes)-1))))
	for n := 16; n > 1; n /= 2 {
		if len(content)+address+2+3*n-1+2+min(n, len(e.Bytes)) <= p.style.Width {
			return n
		}
	}
	return 1
}

func (p *Text) output(e *event.Output) {
	label := "tracee  | "
	if p.style.Accessible {
		label = "tracee writes: "
	}
	for _, line := range strings.Split(strings.TrimSuffix(e.Text, "\n"), "\n") {
		p.line(p.paint.child(margin+label) + PrintableText(line))
	}
}

// number spells how often something was done. A large number depends on the C
// library or the moment, and is spelled as such.
func (p *Text) number(n int) string {
	if n < 100 {
		return event.Grouped(int64(n))
	}
	return p.style.Spell.Count(event.Count(n))
}

// printableText keeps control characters of a program away from the terminal.
func PrintableText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || (0x80 <= r && r < 0xa0) {
			return '.'
		}
		return r
	}, s)
}

func (p *Text) count(e *event.ProgramCount) {
	sp := p.style.Spell
	instructions, stops := event.Count(e.Instructions), event.Count(e.Stops)
	number := func(c event.Count) string {
		if !e.Varies {
			return event.Grouped(int64(c))
		}
		return sp.Count(c)
	}
	p.line(fmt.Sprintf("%s%s: %s instructions, %s stops", p.label("count"),
		p.paint.code(strings.Join(e.Program, " ")), p.paint.result(number(instructions)), number(stops)))
}
