package stage

import (
	"fmt"
	"strings"
	"time"

	"ptwalk/tracer"
)

// Schema is the version of the events: the field v of the JSON.
const Schema = 1

// Event is one thing that happened in a run. The set is closed: the types of
// this file.
type Event interface {
	Kind() string
	base() *Base
}

// Base is what every event has.
type Base struct {
	T  time.Duration // since the start of the run
	At string        // the lesson's file and line: "lessons/02-peekuser/peekuser.go:41"
}

func (b *Base) base() *Base { return b }

// BaseOf is what e has in common with all events.
func BaseOf(e Event) *Base { return e.base() }

type (
	// LessonEvent opens a lesson.
	LessonEvent struct {
		Base
		Number                                int
		Name, Title, Kernel, Machine, Version string
		PID                                   tracer.TID // the process that traces
		Replay                                bool       // it is shown from a recording
	}

	// SectionEvent opens a section. Numbers begin with 1.
	SectionEvent struct {
		Base
		Number int
		Title  string
	}

	// SayEvent is prose: paragraphs separated by blank lines, with *emphasis* and
	// `code`. A paragraph that is indented by four spaces is a listing.
	SayEvent struct {
		Base
		Text string
	}

	// NoteEvent is a sentence made from results of this run. Answer is "right" or
	// "given" for the one that belongs to that answer of a prediction.
	NoteEvent struct {
		Base
		Format string
		Args   []any
		Answer string
	}

	// PredictEvent is a question that is asked before the run answers it. Right is
	// -1 as long as the answer is open, or if no answer was right.
	PredictEvent struct {
		Base
		Question string
		Answers  []Answer
		Right    int
		Given    *int
	}

	// CallEvent is one request to the kernel, or N equal ones of a loop. Loop is
	// how many calls the loop makes in one turn, and Turn which of them this is,
	// from 1; both are 0 outside a loop. Brief calls are told by the table or the
	// row that they were made for. C is the C line with its result where the call
	// does not spell it itself, as in a recording of another version.
	CallEvent struct {
		Base
		Call       tracer.Call
		N          int
		Loop, Turn int
		Brief      bool
		C          string
	}

	// StopEvent is a state change that wait4 reported. Code is si_code, where it
	// was asked for.
	StopEvent struct {
		Base
		Stop  tracer.Stop
		Code  *int
		Brief bool
	}

	// RegsEvent is the registers of a tracee. Show names those that the text is
	// about; none means all.
	RegsEvent struct {
		Base
		TID     tracer.TID
		Regs    tracer.Regs
		Changed []string
		Show    []string
		Brief   bool
	}

	// InstructionEvent is one machine instruction and what it did.
	InstructionEvent struct {
		Base
		TID           tracer.TID
		Addr          tracer.Addr
		Bytes         []byte
		Text, Meaning string
		Label         string // the symbol at this address, if it is one
	}

	// MemoryEvent is memory that was read.
	MemoryEvent struct {
		Base
		TID   tracer.TID
		Addr  tracer.Addr
		Bytes []byte
	}

	// OutputEvent is what the tracee wrote to its standard output or error.
	OutputEvent struct {
		Base
		Stream, Text string
	}

	// CountEvent is the count of a whole program.
	CountEvent struct {
		Base
		Program             []string
		Instructions, Stops uint64
		Engine              string
		Seconds             float64
		Exit                int
		Varies              bool // it depends on the machine or on its C library
	}

	// TableEvent gathers values of this run in rows. A cell is a string, an int,
	// a Word, an Addr or a TID.
	TableEvent struct {
		Base
		Title   string
		Columns []Column
		Rows    [][]any
	}

	// EndEvent closes a lesson.
	EndEvent struct {
		Base
		Exit int
	}
)

// Column is a column of a table. Numbers stand right; a bar is drawn to scale.
type Column struct {
	Name  string
	Right bool
	Bar   bool
}

func (*LessonEvent) Kind() string      { return "lesson" }
func (*SectionEvent) Kind() string     { return "section" }
func (*SayEvent) Kind() string         { return "say" }
func (*NoteEvent) Kind() string        { return "note" }
func (*PredictEvent) Kind() string     { return "predict" }
func (*CallEvent) Kind() string        { return "call" }
func (*StopEvent) Kind() string        { return "stop" }
func (*RegsEvent) Kind() string        { return "regs" }
func (*InstructionEvent) Kind() string { return "instruction" }
func (*MemoryEvent) Kind() string      { return "memory" }
func (*OutputEvent) Kind() string      { return "output" }
func (*CountEvent) Kind() string       { return "count" }
func (*TableEvent) Kind() string       { return "table" }
func (*EndEvent) Kind() string         { return "end" }

// Text is the note with its values spelled by sp.
func (e *NoteEvent) Text(sp Speller) string {
	args := make([]any, len(e.Args))
	for i, a := range e.Args {
		args[i] = spell(sp, a)
	}
	return fmt.Sprintf(e.Format, args...)
}

// Speller writes the values that depend on the machine and on the run.
type Speller interface {
	tracer.Speller
	Count(Count) string
	Fact(Fact) string
}

// Count is a number that depends on the machine, the C library or the moment.
type Count int64

// Fact is a text about this machine: its kernel, a file, a user.
type Fact string

// Measured spells every value as it was measured.
type Measured struct{ tracer.Measured }

// Count groups the digits in threes: 108,240.
func (Measured) Count(c Count) string { return grouped(int64(c)) }

// Fact is the text itself.
func (Measured) Fact(f Fact) string { return string(f) }

func grouped(n int64) string {
	digits := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, groups...), ",")
}

// spell turns a typed value into its text, and leaves plain ones alone.
func spell(sp Speller, v any) any {
	switch v := v.(type) {
	case tracer.TID:
		return sp.TID(v)
	case tracer.Addr:
		return sp.Addr(v)
	case tracer.Word:
		return sp.Word(v)
	case tracer.Reg:
		if text := sp.Word(v.Value); text != v.Value.String() {
			return text
		}
		return v.String()
	case Count:
		return sp.Count(v)
	case Fact:
		return sp.Fact(v)
	}
	return v
}

// Spelled is the C line of the call and its result, by sp.
func (e *CallEvent) Spelled(sp Speller) (expression, outcome string) {
	if i := strings.LastIndex(e.C, " = "); i >= 0 {
		return e.C[:i], e.C[i+3:]
	}
	return e.Call.Expression(sp), e.Call.Outcome(sp)
}

// Value is the number of instructions for a table or a note.
func (e *CountEvent) Value() any {
	if e.Varies {
		return Count(e.Instructions)
	}
	return int(e.Instructions)
}

// At is the place in the lesson that caused e: "lessons/02-peekuser/peekuser.go:41".
func At(e Event) string { return e.base().At }
