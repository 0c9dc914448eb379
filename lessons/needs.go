package lessons

import (
	"strconv"

	"ptwalk/lessons/stage"
	"ptwalk/tracer/doctor"
)

// Needs are what the doctor has to know about the lessons. A test holds them
// against the requests that the lessons make.
func Needs() (all []doctor.Requirement) {
	for _, l := range All {
		all = append(all, NeedsOf(l))
	}
	return all
}

// NeedsOf is what one lesson stands on, by its number.
func NeedsOf(l *stage.Lesson) doctor.Requirement {
	return doctor.Requirement{Name: strconv.Itoa(l.Number), Needs: l.Needs}
}
