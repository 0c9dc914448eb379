package stage

import "ptwalk/lessons/stage/event"

// Replay shows events that a recording holds. A learner at the terminal is asked,
// and answered, as in a run.
func Replay(events []event.Event, opt Options) error {
	return Do(opt, func(s *Stage) { s.replay(events) })
}

func (s *Stage) replay(events []event.Event) {
	parts := partsOf(events)
	for i := 0; i < len(parts); {
		end := i == len(parts)-1
		last := end || parts[i+1][0].Kind() == "lesson"
		i += s.guided(nil, i, last, func() {
			s.replayPart(parts[i])
			if !end || s.opt.Presenter != nil {
				s.turn()
			}
		})
	}
}

// partsOf cuts a recording before each section; the lesson event is with the
// first.
func partsOf(events []event.Event) (parts [][]event.Event) {
	from := 0
	for i, e := range events {
		if n := i - from; n > 0 && (e.Kind() == "lesson" || e.Kind() == "section" && (n > 1 || events[from].Kind() != "lesson")) {
			parts, from = append(parts, events[from:i]), i
		}
	}
	return append(parts, events[from:])
}

func (s *Stage) replayPart(events []event.Event) {
	var open *event.Predict
	for _, e := range events {
		switch e := e.(type) {
		case *event.Predict:
			open = s.ask(e)
			continue
		case *event.Note:
			if e.Answer == event.AnswerGiven {
				continue // it answered somebody else
			}
			if e.Answer == event.AnswerRight && open != nil && open.Given != nil && open.Right >= 0 {
				if *open.Given != open.Right {
					s.deliver(open.Sentence(*open.Given))
				}
				answer := open.Sentence(open.Right)
				answer.Base = e.Base
				s.deliver(answer)
				continue
			}
		case *event.Call:
			if s.opt.Presenter != nil {
				s.opt.Presenter.Recorded(e)
			}
		}
		s.deliver(e)
	}
}

// deliver hands on an event of another run, as it is.
func (s *Stage) deliver(e event.Event) {
	s.Check()
	for _, sink := range s.opt.Sinks {
		sink.Event(e)
	}
}

// ask asks the learner who watches now.
func (s *Stage) ask(recorded *event.Predict) *event.Predict {
	q := *recorded
	q.Given = nil
	s.deliver(&q)
	if s.opt.Learner != nil && len(q.Answers) > 0 {
		q.Given = s.opt.Learner.Choose(q.Answers)
		s.Check()
	}
	return &q
}
