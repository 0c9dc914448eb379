package site

import (
	"ptwalk/lessons"
	"ptwalk/lessons/stage"
)

// Record runs a lesson and keeps its events, in the order of its JSON.
func Record(l *stage.Lesson, opt stage.Options) (Recording, error) {
	k := keeper{seen: map[stage.Event]bool{}}
	opt.Sinks = append(opt.Sinks, &k)
	err := stage.Run([]*stage.Lesson{l}, opt)
	return Recording{lessons.ID(l), l, k.events}, err
}

type keeper struct {
	events []stage.Event
	seen   map[stage.Event]bool
}

// Event keeps e. A prediction comes again when it is answered, and is kept once.
func (k *keeper) Event(e stage.Event) {
	if !k.seen[e] {
		k.seen[e] = true
		k.events = append(k.events, e)
	}
}
