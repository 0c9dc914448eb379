// Package stage runs lessons. A run becomes events, and events become text.
//
// A [Lesson] is a slice of sections. A [Section] is a plain function that gets
// a [Stage], starts its own tracee and asks the kernel about it. Each request
// is reported as a [CallEvent] as it happens: the lesson types neither the C
// line nor the result that a learner sees. Printers ([Text], [JSON],
// [Markdown]) are functions of the events alone.
package stage

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

// Answer is one answer that a prediction offers, with the sentence for a
// learner who chose it.
type Answer struct{ Text, Why string }
