// Package event has the events of a run: what happened, in order, with its
// results. Lessons make them, and everything that people see or keep is made
// from them alone: text, pages, recordings, the player.
//
// The set is closed. Each type declares its fields once, with their JSON beside
// it; [Encode] and [Decode] are the two directions. docs/events.md explains the
// format to those who read it with other programs.
package event

import (
	"maps"
	"slices"
	"time"

	"ptwalk/tracer"
)

// Schema is the version of the events: the field v of the JSON.
const Schema = 1

// Event is one thing that happened in a run.
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

// At is the place in the lesson that caused e: "lessons/02-peekuser/peekuser.go:41".
func At(e Event) string { return e.base().At }

// Sink takes the events of a run, one by one, on the tracer's thread. A sink
// that keeps something back until later writes it when it is asked to
// Flush(); one that has met an error of its writer tells it by Err().
type Sink interface{ Event(Event) }

type (
	// Lesson opens a lesson.
	Lesson struct {
		Base    `json:"-"`
		Number  int        `json:"number"`
		Name    string     `json:"name"`
		Title   string     `json:"title"`
		Kernel  string     `json:"kernel"`
		Machine string     `json:"machine"`
		Version string     `json:"version"`
		PID     tracer.TID `json:"pid"`              // the process that traces
		Replay  bool       `json:"replay,omitempty"` // it is shown from a recording
	}

	// Section opens a section. Numbers begin with 1.
	Section struct {
		Base   `json:"-"`
		Number int    `json:"number"`
		Title  string `json:"title"`
	}

	// Say is prose: paragraphs separated by blank lines, with *emphasis* and
	// `code`. A paragraph that is indented by four spaces is a listing.
	Say struct {
		Base `json:"-"`
		Text string `json:"text" clean:"lines"`
	}

	// Instruction is one machine instruction and what it did.
	Instruction struct {
		Base    `json:"-"`
		TID     tracer.TID  `json:"tid"`
		Addr    tracer.Addr `json:"addr"`
		Bytes   Bytes       `json:"bytes"`
		Text    string      `json:"text"`
		Meaning string      `json:"meaning"`
		Label   string      `json:"label"` // the symbol here; in a program of somebody's also "main+0x12", where main is come into
	}

	// Output is what the tracee wrote to its standard output or error.
	Output struct {
		Base   `json:"-"`
		Stream string `json:"stream"`
		Text   string `json:"text" clean:"raw"` // the printers clean it
	}

	// ProgramCount is the count of a whole program.
	ProgramCount struct {
		Base         `json:"-"`
		Program      []string `json:"program"`
		Instructions uint64   `json:"instructions"`
		Stops        uint64   `json:"stops"`
		Engine       string   `json:"engine"`
		Seconds      float64  `json:"seconds"`
		Exit         int      `json:"exit"`
		Varies       bool     `json:"varies,omitempty"` // it depends on the machine or on its C library
	}

	// End closes a lesson.
	End struct {
		Base `json:"-"`
		Exit int `json:"exit"`
	}
)

func (*Lesson) Kind() string       { return "lesson" }
func (*Section) Kind() string      { return "section" }
func (*Say) Kind() string          { return "say" }
func (*Note) Kind() string         { return "note" }
func (*Predict) Kind() string      { return "predict" }
func (*Call) Kind() string         { return "call" }
func (*Stop) Kind() string         { return "stop" }
func (*Regs) Kind() string         { return "regs" }
func (*Instruction) Kind() string  { return "instruction" }
func (*Memory) Kind() string       { return "memory" }
func (*SigInfo) Kind() string      { return "siginfo" }
func (*Syscall) Kind() string      { return "syscall" }
func (*Output) Kind() string       { return "output" }
func (*ProgramCount) Kind() string { return "count" }
func (*Table) Kind() string        { return "table" }
func (*End) Kind() string          { return "end" }

// kinds make an empty event of a kind.
var kinds = map[string]func() Event{
	"lesson":      func() Event { return &Lesson{} },
	"section":     func() Event { return &Section{} },
	"say":         func() Event { return &Say{} },
	"note":        func() Event { return &Note{} },
	"predict":     func() Event { return &Predict{} },
	"call":        func() Event { return &Call{} },
	"stop":        func() Event { return &Stop{} },
	"regs":        func() Event { return &Regs{} },
	"instruction": func() Event { return &Instruction{} },
	"memory":      func() Event { return &Memory{} },
	"siginfo":     func() Event { return &SigInfo{} },
	"syscall":     func() Event { return &Syscall{} },
	"output":      func() Event { return &Output{} },
	"count":       func() Event { return &ProgramCount{} },
	"table":       func() Event { return &Table{} },
	"end":         func() Event { return &End{} },
}

// Kinds are the names of all kinds, in order.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }
