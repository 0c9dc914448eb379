package render

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"ptwalk/lessons/stage/event"
)

// Markdown writes events as a page: prose as prose, requests and results as
// fenced text.
type Markdown struct {
	w      io.Writer
	text   *Text
	spell  event.Speller
	fenced bool
	err    error
	asked  *event.Predict
	shown  string // what each page of a replay begins with, "" in a run
}

// NewMarkdown returns a printer that writes to w. Fenced lines are at most
// style.Width wide.
func NewMarkdown(w io.Writer, style Style) *Markdown {
	style.Color, style.Accessible = false, false
	text := NewText(w, style)
	return &Markdown{w: w, text: text, spell: text.style.Spell}
}

// Err returns the first error of the writer.
func (p *Markdown) Err() error {
	if p.err != nil {
		return p.err
	}
	return p.text.Err()
}

// Event prints e.
func (p *Markdown) Event(e event.Event) {
	switch e := e.(type) {
	case *event.Lesson:
		p.shown = Replayed(e, p.spell)
		if e.Number == 0 {
			p.prose("%s\n\n# %s %s\n", cmp.Or(p.shown, "Linux "+p.spell.Fact(event.Fact(e.Kernel))+", "+p.spell.Fact(event.Fact(e.Machine))), e.Name, e.Title)
			return
		}
		if p.shown != "" {
			p.prose("%s\n\n# %02d %s: %s\n", p.shown, e.Number, e.Name, e.Title)
			return
		}
		p.prose("# %02d %s: %s\n\nLinux %s, %s\n", e.Number, e.Name, e.Title,
			p.spell.Fact(event.Fact(e.Kernel)), p.spell.Fact(event.Fact(e.Machine)))
	case *event.Section:
		if p.shown != "" {
			p.prose("%s\n", p.shown)
		}
		p.prose("## %d. %s\n", e.Number, e.Title)
	case *event.Say:
		p.prose("%s\n", e.Text)
	case *event.Note:
		p.prose("> %s\n", e.Text(p.spell))
	case *event.Predict:
		p.predict(e)
	case *event.End:
		p.fence(false)
	default:
		p.fence(true)
		p.text.Event(e)
	}
}

func (p *Markdown) predict(e *event.Predict) {
	if p.asked == e {
		p.asked = nil
		return
	}
	if e.Right < 0 {
		p.asked = e
	}
	var choices []string
	for i, a := range e.Answers {
		choices = append(choices, fmt.Sprintf("- %s) %s", event.Letter(i), a.Text))
	}
	p.prose("**Predict.** %s\n\n%s\n", e.Question, strings.Join(choices, "\n"))
}

func (p *Markdown) prose(format string, args ...any) {
	p.fence(false)
	p.print("\n" + fmt.Sprintf(format, args...))
}

// fence opens or closes a fence where that is needed.
func (p *Markdown) fence(open bool) {
	if p.fenced == open {
		return
	}
	p.fenced = open
	if open {
		p.print("\n```text\n")
		return
	}
	p.text.Flush()
	p.print("```\n")
}

func (p *Markdown) print(s string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, s)
	}
}
