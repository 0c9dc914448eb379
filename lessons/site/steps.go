package site

import "html/template"

// Step is one request of a recorded run, with everything that belongs to it:
// what the player shows at once.
type Step struct {
	Event   int    `json:"event"`   // the line of the recording that holds the call, from 1
	Section int    `json:"section"` // index in Run.Sections
	At      string `json:"at"`      // the line of the lesson: "singlestep.go:41"
	By      string `json:"by"`
	TID     int    `json:"tid"`
	Call    string `json:"call"`             // the C line up to the equals sign
	Result  string `json:"result"`           // and what follows it
	Kind    string `json:"kind"`             // request, wait or other
	Failed  string `json:"failed,omitempty"` // what the errno means here
	Folds   string `json:"folds,omitempty"`  // where the call stands for several

	Before []template.HTML `json:"before,omitempty"` // what is said on the way to it
	After  []template.HTML `json:"after,omitempty"`  // what the run makes of it
	Ask    []Question      `json:"ask,omitempty"`    // what is asked then
	Then   []template.HTML `json:"then,omitempty"`   // what follows the question, and may answer it

	States []State `json:"states,omitempty"` // the threads that it has changed

	Stop    *Stop    `json:"stop,omitempty"`
	Regs    *Regs    `json:"regs,omitempty"`
	Word    *Word    `json:"word,omitempty"` // a register that was read alone
	Ran     *Ran     `json:"ran,omitempty"`
	Program string   `json:"program,omitempty"` // what the tracee runs from here on
	RIP     string   `json:"rip,omitempty"`     // where it is, if this step tells
	Memory  []Memory `json:"memory,omitempty"`
	Output  string   `json:"output,omitempty"`
	Brought []string `json:"brought,omitempty"` // what a request has told beside: a siginfo, a system call

	request string // its name: "PTRACE_GETREGS", "wait4"
}

// State is what a thread does after a step: see package states.
type State struct {
	TID    int    `json:"tid"`
	Is     string `json:"is"`
	Traced bool   `json:"traced,omitempty"`
	Why    string `json:"why"`
}

// Question is a prediction. Right is an index, or -1 if no answer fits.
type Question struct {
	Question string        `json:"question"`
	Answers  []QuestionWhy `json:"answers"`
	Right    int           `json:"right"`
	Fold     *Fold         `json:"fold,omitempty"` // the lines of the source that tell the answer

	at string // where it is asked: "traceme.go:39"
}

// QuestionWhy is one answer, and the sentence for one who chose it.
type QuestionWhy struct {
	Text string `json:"text"`
	Why  string `json:"why"`
}

// Stop is a wait status, cut at the places that wait(2) gives a meaning.
type Stop struct {
	Status string       `json:"status"`
	Name   string       `json:"name"`
	Code   string       `json:"code,omitempty"` // "si_code 2 TRAP_TRACE", where it was asked for
	Says   string       `json:"says"`
	Parts  []StatusPart `json:"parts"`
}

// StatusPart is one field of a wait status.
type StatusPart struct {
	Range string `json:"range"` // "bits 31-16"
	Bits  string `json:"bits"`
	Says  string `json:"says,omitempty"`
}

// Regs are the registers in the kernel's order, the names of those that differ
// from when they were read before, and what these were, where it is known.
type Regs struct {
	Names   []string          `json:"names"`
	Values  []string          `json:"values"`
	Changed []string          `json:"changed"`
	Show    []string          `json:"show,omitempty"` // those that the text is about
	Was     map[string]string `json:"was"`
}

// Word is one register.
type Word struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Ran is an instruction that this step has executed.
type Ran struct {
	Addr    string `json:"addr"`
	Text    string `json:"text"`
	Meaning string `json:"meaning"`
}

// Memory is bytes that were read: two hexadecimal digits each.
type Memory struct {
	Addr  string `json:"addr"`
	Bytes string `json:"bytes"`
}

// Section is a part of the run.
type Section struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
	First  int    `json:"first"`   // its first step, from 1
	Lanes  []int  `json:"lanes"`   // the threads in it, in the order in which they come
	Told   string `json:"chapter"` // the place in the chapter that shows it, or the nearest before
}

// Run is a recording as steps.
type Run struct {
	Lesson   string            `json:"lesson"` // "03-singlestep"
	Tracer   int               `json:"tracer"` // the process that traces
	Sections []Section         `json:"sections"`
	Steps    []Step            `json:"steps"`
	Purposes map[string]string `json:"purposes"` // what each call is for, by its name
}
