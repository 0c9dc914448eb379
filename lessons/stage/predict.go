package stage

import (
	"fmt"
	"slices"

	"ptwalk/lessons/stage/event"
)

// Predict asks before the run answers. On a terminal it waits for the learner's
// choice. The answer comes from the run, through [Prediction.Is].
func (s *Stage) Predict(question string, answers ...event.Answer) *Prediction {
	q := &event.Predict{Question: event.OneLine(question), Answers: answers, Right: -1}
	p := &Prediction{s: s, event: q}
	s.open = p
	s.emit(q)
	if s.opt.Learner != nil {
		q.Given = s.opt.Learner.Choose(answers)
		s.Check()
	}
	return p
}

// Is gives the run's answer: one of those that were offered, or a value whose
// spelling is the text of one. It tells the learner why it is so.
func (p *Prediction) Is(value any) {
	q := p.event
	if a, offered := value.(Answer); offered {
		value = a.Text
	}
	answer := fmt.Sprint(value)
	for i, a := range q.Answers {
		if a.Text == answer {
			q.Right = i
		}
	}
	p.s.open = nil
	p.s.answered(q)
	for _, sink := range p.s.opt.Sinks {
		sink.Event(q) // now it carries its answer
	}
	switch {
	case q.Right < 0:
		p.s.Note("None of the answers fits: here the kernel says %v.", value)
	case q.Given != nil && *q.Given != q.Right:
		p.s.emit(q.Sentence(*q.Given))
		fallthrough
	default:
		p.s.emit(q.Sentence(q.Right))
	}
}

// missed is a question whose last answer was wrong, and the section that asks it.
type missed struct {
	section  int
	question string
}

// answered keeps what was missed. A section may be gone through again.
func (s *Stage) answered(q *event.Predict) {
	if q.Given == nil || q.Right < 0 {
		return
	}
	s.missed = slices.DeleteFunc(s.missed, func(m missed) bool { return m.question == q.Question })
	if *q.Given != q.Right {
		s.missed = append(s.missed, missed{s.number, q.Question})
	}
}

// tellMissed names them at the end of the lesson.
func (s *Stage) tellMissed(l *Lesson, at string) {
	if len(s.missed) == 0 {
		return
	}
	text := "You may want to see again what you have answered otherwise than the kernel:\n"
	for _, m := range s.missed {
		text += fmt.Sprintf("\n    %d, section %d: %s", l.Number, m.section, m.question)
	}
	s.emit(&event.Say{Base: event.Base{At: at}, Text: text})
	s.missed = nil
}
