package stage

import (
	"slices"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
	"ptwalk/tracer/symbols"
)

// Aside runs do, whose requests answer a question of a person: they are no part
// of the loop, the row or the table that is being made.
func (s *Stage) Aside(do func()) {
	loop, brief := s.loop, s.brief
	s.loop, s.brief, s.asking = nil, 0, true
	defer func() { s.loop, s.brief, s.asking = loop, brief, false }()
	do()
}

// Find is the tracee that a question means: the one with this tid, or else the one
// that was started last; nil if there is none. With it come the symbols of its
// program, where that is a bundled one.
func (s *Stage) Find(tid tracer.TID) (*tracer.Tracee, *symbols.Table) {
	for _, child := range slices.Backward(s.children) {
		if !child.ended && (child.TID() == tid || tid <= 0) {
			if child.Target.Source == "" {
				return child.Tracee, nil
			}
			return child.Tracee, child.Symbols()
		}
	}
	for _, t := range s.Tracer.Tracees() {
		if t.TID == tid {
			return t, nil // a thread that the section did not start
		}
	}
	if tid > 0 {
		return s.Find(0)
	}
	return nil, nil
}

// Apart is a stage for another thread of ours, which is a tracer of its own. Its
// events go to sink alone. Nothing ends what it does between two requests: it
// asks by Check where it may.
func (s *Stage) Apart(sink event.Sink) *Stage {
	b := &Stage{opt: Options{Sinks: []event.Sink{sink}, Supervisor: s.opt.Supervisor}, start: s.start,
		lesson: s.lesson, brief: s.brief, apart: true, from: s.at()}
	b.Tracer = &tracer.Tracer{Observer: b}
	return b
}
