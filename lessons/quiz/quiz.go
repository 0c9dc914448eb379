// Package quiz makes a quiz of the questions that lessons ask: a sheet of paper
// with a key, or a file that a learning platform imports. What is right comes from
// a run, as in the lesson.
package quiz

import (
	"fmt"
	"strings"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
)

// Question is one question of a lesson, as it stands alone.
type Question struct {
	Lesson  *stage.Lesson
	Section event.Section
	Lead    string // what the section says before it asks; a listing keeps its lines
	Text    string
	Answers []Answer
	Right   int // index of the right answer
}

// Answer is one answer, and what whoever has chosen it should know.
type Answer struct{ Text, Feedback string }

// Name is the place of the question: "3.1 One step".
func (q Question) Name() string {
	return fmt.Sprintf("%d.%d %s", q.Lesson.Number, q.Section.Number, q.Section.Title)
}

// Of is the questions of a lesson, from the events of a run. One that the run has
// answered with none of the answers cannot be marked, and is left out.
func Of(l *stage.Lesson, events []event.Event) (all []Question) {
	var section event.Section
	var lead []string
	for _, e := range events {
		switch e := e.(type) {
		case *event.Section:
			section, lead = *e, nil
		case *event.Say:
			lead = append(lead, bare(e.Text))
		case *event.Predict:
			if e.Right < 0 {
				continue
			}
			q := Question{Lesson: l, Section: section, Lead: strings.Join(lead, "\n\n"), Text: bare(e.Question), Right: e.Right}
			for _, a := range e.Answers {
				q.Answers = append(q.Answers, Answer{bare(a.Text), bare(event.OneLine(a.Why))})
			}
			all = append(all, q)
		}
	}
	return all
}

// Asked is the lead and the question, with an empty line between them.
func (q Question) Asked() string {
	if q.Lead == "" {
		return q.Text
	}
	return q.Lead + "\n\n" + q.Text
}

// Shown says where the question is answered by a run.
func (q Question) Shown() string {
	return fmt.Sprintf("ptwalk %d shows it, in section %d.", q.Lesson.Number, q.Section.Number)
}

// isListing says whether a paragraph is lines of code, as in a Say.
func isListing(paragraph string) bool { return strings.HasPrefix(paragraph, "    ") }

// bare is prose without its marks of code and emphasis. A listing has none.
func bare(text string) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, p := range paragraphs {
		if isListing(p) {
			continue
		}
		paragraphs[i] = render.Plain(p)
	}
	return strings.Join(paragraphs, "\n\n")
}
