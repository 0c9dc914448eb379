package site

import "ptwalk/lessons/handout"

// paper is the body of a page of a handout.
type paper struct {
	Text      any
	Solutions bool // there is a page of them
}

// papersOf is the handout of a lesson and its solutions: what ptwalk handout
// prints, a page each. Students get no solutions.
func papersOf(r Recording, readers For) (out []leaf, err error) {
	h := handout.Of(r.Lesson, r.Events)
	papers := []struct{ name, short, text string }{{"handout", "handout of ", h.Page()}}
	if readers != Students {
		papers = append(papers, struct{ name, short, text string }{"solutions", "solutions of ", h.Solutions()})
	}
	for _, p := range papers {
		source := &page{name: p.name + ".html", up: "../"}
		body, title, _, err := source.html([]byte(p.text))
		if err != nil {
			return nil, err
		}
		out = append(out, leaf{name: r.ID + "/" + p.name + ".html", title: title, short: p.short + r.Lesson.Name, template: "paper.html", styles: textStyles,
			row: p.name, lesson: r.ID, recorded: recordedOn(r.Events), body: paper{body, readers != Students}})
	}
	return out, nil
}
