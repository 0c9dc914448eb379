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

// Beside is what can be shown beside a lesson. Each may be nil.
type Beside struct {
	Recorded func(*Lesson) ([]event.Event, error)      // its recording
	Source   func(file string) (text string, has bool) // a file of its source, by the name in At
}

// What lesson files use of package event, so that they import one package.
type (
	Answer = event.Answer // one answer that a prediction offers
	Column = event.Column // a column of a table
	Count  = event.Count  // a number that depends on the machine or the moment
	Fact   = event.Fact   // a text about this machine
)
