package stage

import (
	"fmt"

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
		q.Given = s.opt.Learner.Choose(len(answers))
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
