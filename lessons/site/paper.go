package site

import (
	"html/template"

	"ptwalk/lessons/handout"
)

// paper is a page of a handout.
type paper struct {
	name  string // "handout.html"
	title string
	body  template.HTML
	err   error
}

// papersOf is the handout of a lesson and its solutions: what ptwalk handout
// prints, a page each.
func papersOf(r Recording) []paper {
	h := handout.Of(r.Lesson, r.Events)
	papers := []paper{{name: "handout.html"}, {name: "solutions.html"}}
	for i, text := range []string{h.Page(), h.Solutions()} {
		source := &page{name: papers[i].name, up: "../"}
		papers[i].body, papers[i].title, _, papers[i].err = source.html([]byte(text))
	}
	return papers
}
