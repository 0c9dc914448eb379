package lessons

import (
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
)

// Beside is what a presenter has beside each lesson: its recording and its
// source.
var Beside = stage.Beside{
	Recorded: func(l *stage.Lesson) ([]event.Event, error) {
		rec, err := replay.Embedded(ID(l))
		if err != nil {
			return nil, err
		}
		return rec.Events, nil
	},
	Source: Source,
}
