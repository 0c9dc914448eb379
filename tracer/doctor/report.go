package doctor

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
)

// Schema names the form of a [Report] in JSON.
const Schema = "ptwalk/doctor/1"

// Report is what the doctor has found on this machine.
type Report struct {
	Schema       string           `json:"schema"`
	OK           bool             `json:"ok"` // nothing that is required is refused
	Machine      Machine          `json:"machine"`
	Checks       []Check          `json:"checks"`
	Requirements map[string]Works `json:"lessons"` // by name
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

// A check is ok, or it was refused: a note takes nothing away, a fail does.
const (
	OK   Result = "ok"
	Note Result = "note"
	Fail Result = "fail"
)

// Works says how much of what is required works here.
type Works string

// What works partly comes to its end, with something left out.
const (
	Fully  Works = "ok"
	Partly Works = "partly"
	Not    Works = "no"
)

// Requirement is something that stands on checks, as a lesson does.
type Requirement struct {
	Name string
	// Needs are names of checks. Without "getregs" it is refused; without "vm-read?"
	// it leaves something out. "cont if 32-bit" is a need where this kernel runs 32-bit
	// programs, and "cont unless 32-bit" one where it does not.
	Needs []string
}

// on are the checks that it needs, and those that it uses, on a machine that runs
// 32-bit programs or does not.
func (q Requirement) on(runs32 bool) (needs, uses []string) {
	for _, need := range q.Needs {
		check, only32 := strings.CutSuffix(need, " if 32-bit")
		check, without32 := strings.CutSuffix(check, " unless 32-bit")
		used, uses32 := strings.CutSuffix(check, "?")
		switch {
		case only32 && !runs32, without32 && runs32:
		case uses32:
			uses = append(uses, used)
		default:
			needs = append(needs, check)
		}
	}
	return needs, uses
}

// Checks are all checks that it names.
func (q Requirement) Checks() []string {
	var all []string
	for _, runs32 := range []bool{true, false} {
		needs, uses := q.on(runs32)
		all = append(append(all, needs...), uses...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// judge decides the results from what is required. The checks say ok or fail until
// then.
func (r *Report) judge(required []Requirement) {
	r.Requirements, r.OK = map[string]Works{}, true
	runs32 := !slices.ContainsFunc(r.Checks, func(c Check) bool { return c.Code == "PT-32BIT" })
	failed := func(names []string) bool {
		return slices.ContainsFunc(r.Checks, func(c Check) bool { return c.Result != OK && slices.Contains(names, c.Name) })
	}
	var needed []string
	for _, q := range required {
		needs, uses := q.on(runs32)
		needed = append(needed, needs...)
		works := Fully
		switch {
		case failed(needs):
			works, r.OK = Not, false
		case failed(uses):
			works = Partly
		}
		r.Requirements[q.Name] = works
	}
	for i := range r.Checks {
		if c := &r.Checks[i]; c.Result != OK && !slices.Contains(needed, c.Name) {
			c.Result = Note
		}
	}
}

// None says whether nothing of what is required works.
func (r *Report) None() bool {
	for _, works := range r.Requirements {
		if works != Not {
			return false
		}
	}
	return len(r.Requirements) > 0
}

// WriteJSON writes the report as one JSON object.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
