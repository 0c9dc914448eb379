// Package quiz makes a quiz of the questions that lessons ask: a sheet of paper
// with a key, or a file that a learning platform imports. What is right comes from
// a run, as in the lesson.
package quiz

import (
	"fmt"
	"slices"
	"strings"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
)

// Question is one question of a lesson, as it stands alone.
type Question struct {
	Lesson  *stage.Lesson
	Section event.Section
	Tracee  string // the program that is traced when it is asked, where it was started before
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
	tracee := ""
	for _, e := range events {
		switch e := e.(type) {
		case *event.Section:
			section, lead, tracee = *e, nil, ""
		case *event.Say:
			lead = append(lead, bare(e.Text))
		case *event.Call:
			if argv := e.Call.Argv; e.Call.Name == "execve" && e.Call.Errno == 0 && len(argv) > 0 {
				tracee = argv[0]
			}
		case *event.Stop:
			if e.Stop.Ended() {
				tracee = ""
			}
		case *event.Predict:
			if e.Right < 0 {
				continue
			}
			q := Question{Lesson: l, Section: section, Tracee: tracee, Lead: strings.Join(lead, "\n\n"), Text: bare(e.Question), Right: e.Right}
			for _, a := range e.Answers {
				q.Answers = append(q.Answers, Answer{bare(a.Text), bare(event.OneLine(a.Why))})
			}
			all = append(all, q)
		}
	}
	return all
}

// Asked is the place of the question, the lead and the question, with an empty line
// between them: a platform shows no more, and shows it alone.
func (q Question) Asked() string {
	place := fmt.Sprintf("Lesson %d, section %d: %s", q.Lesson.Number, q.Section.Number, bare(q.Section.Title))
	if !strings.ContainsAny(place[len(place)-1:], ".?") {
		place += "."
	}
	if q.Tracee != "" {
		place += fmt.Sprintf(" The tracee is %s.", q.Tracee)
	}
	paragraphs := []string{place, q.Lead, q.Text}
	return strings.Join(slices.DeleteFunc(paragraphs, func(p string) bool { return p == "" }), "\n\n")
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
