// Package stage runs lessons. A run becomes events, and events become text.
//
// A [Lesson] is a slice of sections. A [Section] is a plain function that gets
// a [Stage], starts its own tracee and asks the kernel about it. Each request
// is reported as a [CallEvent] as it happens: the lesson types neither the C
// line nor the result that a learner sees. Printers ([Text], [JSON],
// [Markdown]) are functions of the events alone.
package stage

import "ptwalk/lessons/stage/event"

// Lesson is one chapter of the walk.
type Lesson struct {
	Number   int
	Name     string // "traceme"
	Title    string // one line, as in a table of contents
	Summary  string // one sentence
	Sections []Section
}

// Section is one step of a lesson. It starts its own tracees, so that it can be
// read, tested and begun again by itself.
type Section struct {
	Title string
	Run   func(*Stage)
}

// What lesson files use of package event, so that they import one package.
type (
	Answer = event.Answer // one answer that a prediction offers
	Column = event.Column // a column of a table
	Count  = event.Count  // a number that depends on the machine or the moment
	Fact   = event.Fact   // a text about this machine
)
