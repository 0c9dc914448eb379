package stage

import "os"

// Replay shows events that a recording holds, through printer and into the files
// that the flags ask for, and returns the exit status. A learner at the terminal
// is asked, and answered, as in a run.
func Replay(events []Event, f Flags, printer Sink) int {
	return f.run(0, func(opt Options, signals *signals) error {
		opt.Sinks = append(opt.Sinks, printer)
		if f.pauses() {
			opt.Learner = newTerminal(os.Stdin, os.Stdout, signals)
		}
		return Do(opt, func(s *Stage) { s.replay(events) })
	})
}

func (s *Stage) replay(events []Event) {
	var open *PredictEvent
	begun := false
	for _, e := range events {
		switch e := e.(type) {
		case *LessonEvent:
			if begun {
				s.turn()
			}
			begun = true
		case *SectionEvent:
			if e.Number > 1 {
				s.turn()
			}
			open = nil
		case *PredictEvent:
			open = s.ask(e)
			continue
		case *NoteEvent:
			if e.Answer == answerGiven {
				continue // it answered somebody else
			}
			if e.Answer == answerRight && open != nil && open.Given != nil && *open.Given != open.Right {
				s.deliver(open.Sentence(*open.Given))
			}
		}
		s.deliver(e)
	}
}

// deliver hands on an event of another run, as it is.
func (s *Stage) deliver(e Event) {
	s.check()
	for _, sink := range s.opt.Sinks {
		sink.Event(e)
	}
}

// ask asks the learner who watches now.
func (s *Stage) ask(recorded *PredictEvent) *PredictEvent {
	q := *recorded
	q.Given = nil
	s.deliver(&q)
	if s.opt.Learner != nil {
		q.Given = s.opt.Learner.Choose(len(q.Answers))
		s.check()
	}
	return &q
}
