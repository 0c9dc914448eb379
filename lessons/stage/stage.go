package stage

import (
	"sync"
	"time"

	"ptwalk/asm"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/supervise"
	"ptwalk/tracer"
	"ptwalk/tracer/symbols"
	"ptwalk/tracer/trapflag"
)

// Lesson is one chapter of the walk.
type Lesson struct {
	Number   int
	Name     string   // "traceme"
	Title    string   // one line, as in a table of contents
	Summary  string   // one sentence
	Minutes  int      // for a group that answers aloud and looks at the code
	Goal     string   // what they can do afterwards: "say who stops whom"
	Opening  string   // what is said before the first section, where there is something to say
	Can      []string // what the learner can do now: at most five lines, said at the end
	Next     string   // the command that goes on from here; the list of lessons knows it
	Needs    []string // the checks of the doctor that it stands on, in the words of doctor.Requirement
	Sections []Section

	From int // the section that this run begins at, from 1; 0: the first
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

// Stage is what a section works with: it starts tracees, makes plain requests
// and tells what they mean. A request that fails against the lesson's plan ends
// the section; a lesson that wants the error asks [Child.Tracee] itself.
type Stage struct {
	Tracer *tracer.Tracer

	opt      Options
	start    time.Time
	lesson   *Lesson
	opened   *event.Base // where what has been opened is; nil if nothing is
	children []*Child
	loop     *loop                      // not nil while calls are folded
	loops    int                        // how many loops have begun
	stoodIn  *exit.Failure              // the first failure that a recording has stood in for
	brief    int                        // more than 0: calls and stops belong to a row or a table
	open     *Prediction                // asked and not answered
	apart    bool                       // see Apart
	from     string                     // the place that a stage apart works for
	number   int                        // of the section, from 1
	missed   []missed                   // the questions that were answered wrong
	asking   bool                       // the calls answer a question of the presenter
	shown    *[]string                  // the next registers are told, these or all; nil: a row or a table tells them
	read     map[tracer.TID]tracer.Regs // what was read last
	shared   *sync.Mutex                // of the sinks, while a flow writes to them too
}

// Child is a tracee on the stage. Its methods make the request of the same name
// and end the section if the kernel refuses; Tracee's methods return the error.
type Child struct {
	Tracee *tracer.Tracee
	Target asm.Target

	// Meanwhile, if there is one, is called before each wait, and what it returns
	// after it.
	Meanwhile func() (end func())

	s        *Stage
	born     string // the place in the lesson
	output   []*stream
	table    *symbols.Table
	names    *codeNames // not nil for a program of somebody's
	ended    bool
	written  int
	printed  string // between the last two stops
	executed uint64
	idle     int // how many rows have executed nothing since one did
	stuck    int // how often an icebp has not been got past
	stepper  trapflag.Stepper
	last     stepResult // of the last Row
	inCall   bool       // the last Row ended in a PTRACE_EVENT stop
	closed   bool       // its code may not be read, and we have said so
}

// Prediction is a question that was asked and waits for the run's answer.
type Prediction struct {
	s     *Stage
	event *event.Predict
}

// Options of a run.
type Options struct {
	Sinks      []event.Sink
	Learner    Learner               // nil: no pause, and predictions answer themselves
	Presenter  Presenter             // who stops before each request, may be nil
	Supervisor *supervise.Supervisor // what ends the run before its end, may be nil
	Busy       Busy                  // who tells how far a long loop is, may be nil
	Version    string                // of ptwalk, for the lesson event
	Failed     int                   // the exit status of any failure; 0: its own
}

// Learner is who sits at the terminal.
type Learner interface {
	// Choose waits for one of the answers; nil if none was given.
	Choose(answers []Answer) *int
	// Turn waits until the learner wants the next section.
	Turn()
}

// Presenter is a learner who leads through a run, or through a recording: each
// request waits until it may be made.
type Presenter interface {
	Learner
	// Before announces a request of a live run and returns when it may be made.
	Before(*Stage, Request)
	// Recorded is Before for a call of a recording.
	Recorded(*event.Call)
	// Jump is the jump that was asked for while the tracer was busy, once.
	Jump() Jump
	// Leave runs clean, which ends what a section has left. It is not announced.
	Leave(clean func())
	// StandIn shows section n of the recording, from 0, in place of one that has
	// failed, and says whether there is such a recording.
	StandIn(l *Lesson, n int, why *exit.Failure) bool
	// Say tells the person a sentence that is no part of the run.
	Say(text string)
}

// Request is a call that comes next, and its place in the lesson. Loop is the
// number of the loop that it belongs to, from 1; 0 outside one.
type Request struct {
	At   string
	Call tracer.Call
	Loop int
}
