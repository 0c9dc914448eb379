package doctor

import (
	"encoding/json"
	"io"
	"slices"
	"strconv"
)

// Schema names the form of a [Report] in JSON.
const Schema = "ptwalk/doctor/1"

// Report is what the doctor has found on this machine.
type Report struct {
	Schema  string           `json:"schema"`
	OK      bool             `json:"ok"` // no lesson is refused
	Machine Machine          `json:"machine"`
	Checks  []Check          `json:"checks"`
	Lessons map[string]Works `json:"lessons"` // by the lesson's number
}

// Check is one probe and its outcome.
type Check struct {
	Name    string `json:"name"`    // "getregs", stable
	Request string `json:"request"` // "PTRACE_GETREGS", or what else was asked of the kernel
	Result  Result `json:"result"`
	Errno   string `json:"errno"` // what the kernel answered, "" without an error
	Code    string `json:"code"`  // PT-OK, or the cause
	Why     string `json:"why"`   // what the probe shows; the cause, if it was refused
	Fix     string `json:"fix"`   // the smallest thing to do, "" if nothing is to be done
}

// Result is how bad the outcome of a check is.
type Result string

// A check is ok, or it was refused: a note takes no lesson away, a fail does.
const (
	OK   Result = "ok"
	Note Result = "note"
	Fail Result = "fail"
)

// Works says how much of a lesson works here.
type Works string

// A lesson that works partly comes to its end, with something left out.
const (
	Fully  Works = "ok"
	Partly Works = "partly"
	Not    Works = "no"
)

// Lesson is what a lesson asks of the machine, by the names of checks.
type Lesson struct {
	Number int
	Needs  []string // without one of these it is refused
	Uses   []string // without one of these it leaves something out

	With32    []string // needs of the parts that it shows where 32-bit programs run
	Without32 []string // and of those that it shows where they do not
}

// needs are all needs of a lesson on a machine that runs 32-bit programs, or that
// does not.
func (l Lesson) needs(runs32 bool) []string {
	if runs32 {
		return slices.Concat(l.Needs, l.With32)
	}
	return slices.Concat(l.Needs, l.Without32)
}

// judge decides the results from what the lessons need. The checks say ok or
// fail until then.
func (r *Report) judge(lessons []Lesson) {
	r.Lessons, r.OK = map[string]Works{}, true
	runs32 := !slices.ContainsFunc(r.Checks, func(c Check) bool { return c.Code == "PT-32BIT" })
	failed := func(needs []string) func(Check) bool {
		return func(c Check) bool { return c.Result != OK && slices.Contains(needs, c.Name) }
	}
	needed := map[string]bool{}
	for _, l := range lessons {
		works := Fully
		switch needs := l.needs(runs32); {
		case slices.ContainsFunc(r.Checks, failed(needs)):
			works, r.OK = Not, false
			for _, name := range needs {
				needed[name] = true
			}
		case slices.ContainsFunc(r.Checks, failed(l.Uses)):
			works = Partly
		}
		r.Lessons[strconv.Itoa(l.Number)] = works
	}
	for i := range r.Checks {
		if c := &r.Checks[i]; c.Result != OK && !needed[c.Name] {
			c.Result = Note
		}
	}
}

// None says whether no lesson at all can run.
func (r *Report) None() bool {
	for _, works := range r.Lessons {
		if works != Not {
			return false
		}
	}
	return len(r.Lessons) > 0
}

// WriteJSON writes the report as one JSON object.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
