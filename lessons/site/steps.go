package site

import (
	"encoding/binary"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// Step is one request of a recorded run, with everything that belongs to it:
// what the player shows at once.
type Step struct {
	Event   int    `json:"event"`   // the line of the recording that holds the call, from 1
	Section int    `json:"section"` // index in Run.Sections
	At      string `json:"at"`      // the line of the lesson: "singlestep.go:41"
	By      string `json:"by"`
	TID     int    `json:"tid"`
	Call    string `json:"call"`   // the C line up to the equals sign
	Result  string `json:"result"` // and what follows it
	Kind    string `json:"kind"`   // request, wait or other
	Purpose string `json:"purpose,omitempty"`
	Failed  string `json:"failed,omitempty"` // what the errno means here
	Folds   string `json:"folds,omitempty"`  // where the call stands for several

	Before []template.HTML `json:"before,omitempty"` // what is said on the way to it
	After  []template.HTML `json:"after,omitempty"`  // what the run makes of it
	Ask    []Question      `json:"ask,omitempty"`    // what is asked then

	Stop    *Stop    `json:"stop,omitempty"`
	Regs    *Regs    `json:"regs,omitempty"`
	Ran     *Ran     `json:"ran,omitempty"`
	Program string   `json:"program,omitempty"` // what the tracee runs from here on
	RIP     string   `json:"rip,omitempty"`     // where it is, if this step tells
	Memory  []Memory `json:"memory,omitempty"`
	Output  string   `json:"output,omitempty"`

	request string // its name: "PTRACE_GETREGS", "wait4"
}

// Question is a prediction. Right is an index, or -1 if no answer fits.
type Question struct {
	Question string        `json:"question"`
	Answers  []QuestionWhy `json:"answers"`
	Right    int           `json:"right"`
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
	Was     map[string]string `json:"was"`
}

// Ran is an instruction that this step has executed.
type Ran struct {
	Addr    string `json:"addr"`
	Text    string `json:"text"`
	Meaning string `json:"meaning"`
}

// Memory is bytes that were read, sixteen on a line at most.
type Memory struct {
	Addr  string `json:"addr"`
	Bytes string `json:"bytes"`
	Text  string `json:"text"`
}

// Section is a part of the run.
type Section struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
	First  int    `json:"first"` // its first step, from 1
}

// Run is a recording as steps.
type Run struct {
	Sections []Section `json:"sections"`
	Steps    []Step    `json:"steps"`
}

// runOf gathers the events of a recording into steps, one for each call event.
func runOf(events []stage.Event) Run {
	g := gatherer{}
	for i, e := range events {
		g.event(i+1, e)
	}
	g.leave()
	return g.run
}

// gatherer puts each event with the call that it belongs to.
type gatherer struct {
	run     Run
	loose   []stage.Event // prose since the last call, which may lead to the next one
	asks    bool          // a question is among them
	first   int           // the first step of this section, an index
	section *stage.SectionEvent
	regs    map[tracer.TID]tracer.Regs
}

func (g *gatherer) event(line int, e stage.Event) {
	switch e := e.(type) {
	case *stage.SectionEvent:
		g.leave()
		if len(g.loose) > 0 { // the section before makes no call: both lead to the next one
			g.loose = append(append([]stage.Event{g.section}, g.loose...), e)
		}
		g.section = e
		g.run.Sections = append(g.run.Sections, Section{e.Number, e.Title, len(g.run.Steps) + 1})
		g.first, g.regs = len(g.run.Steps), map[tracer.TID]tracer.Regs{}
	case *stage.SayEvent:
		g.loose = append(g.loose, e)
	case *stage.PredictEvent:
		g.loose = append(g.loose, e)
		g.asks = true
	case *stage.CallEvent:
		g.call(line, e)
	case *stage.StopEvent:
		g.last(e.Stop.TID, isCall("wait4")).Stop = stopOf(e)
	case *stage.RegsEvent:
		s := g.last(e.TID, isCall("PTRACE_GETREGS"))
		s.Regs, s.RIP = g.regsOf(e), e.Regs.RIP.Hex()
	case *stage.InstructionEvent:
		s := g.last(e.TID, isCall("PTRACE_SINGLESTEP"))
		s.Ran = &Ran{e.Addr.String(), e.Text, e.Meaning}
	case *stage.MemoryEvent:
		s := g.last(e.TID, func(*Step) bool { return true })
		s.Memory = append(s.Memory, memoryOf(e.Addr, e.Bytes)...)
	case *stage.OutputEvent:
		g.last(0, func(*Step) bool { return true }).Output += e.Text
	case *stage.NoteEvent, *stage.CountEvent, *stage.TableEvent:
		g.follow(e)
	}
}

// call begins a step. What was said since the last call leads to it; but a
// question is asked before the answer can be seen, at the step before.
func (g *gatherer) call(line int, e *stage.CallEvent) {
	if g.asks && len(g.run.Steps) > g.first {
		g.leave()
	}
	before, asked := htmlOf(g.loose)
	g.loose, g.asks = nil, false
	c := &e.Call
	s := Step{
		Event: line, Section: len(g.run.Sections) - 1, At: shortAt(e.At), By: string(c.By), TID: int(c.TID),
		Call: c.Expression(tracer.Measured{}), Result: c.Outcome(tracer.Measured{}),
		Kind: kindOf(c), Folds: folds(e), Before: before, Ask: asked, request: c.Name,
	}
	s.Purpose = purposes[c.Name]
	if r, ok := names.RequestByName(c.Name); ok && c.IsPtrace() {
		s.Purpose = r.Sentence
	}
	if c.Errno != 0 {
		s.Failed = names.ErrnoFor(c.Name, int(c.Errno))
	}
	if c.Name == "execve" && c.Errno == 0 {
		s.Program = programOf(s.Call)
	}
	s.peeked(c)
	g.run.Steps = append(g.run.Steps, s)
}

// purposes says what the calls do that are not ptrace requests.
var purposes = map[string]string{
	"fork":             "Makes a child process.",
	"execve":           "Makes the program named here the process's own.",
	"wait4":            "Waits until a tracee stops or ends, and takes its wait status.",
	"waitid":           "Waits until a tracee stops or ends, and may leave its status to be taken later.",
	"kill":             "Sends a signal to a process.",
	"tgkill":           "Sends a signal to one thread.",
	"process_vm_readv": "Reads the memory of another process. It is allowed to whom ptrace is.",
}

// peeked shows the word that a PEEK request has read, if it read one.
func (s *Step) peeked(c *tracer.Call) {
	if !c.HasValue || c.Errno != 0 {
		return
	}
	switch c.Name {
	case "PTRACE_PEEKUSER":
		if w, ok := names.UserWordAt(c.Addr); ok && w.Name == "RIP" {
			s.RIP = c.Value.Hex()
		}
	case "PTRACE_PEEKDATA", "PTRACE_PEEKTEXT":
		s.Memory = memoryOf(tracer.Addr(c.Addr), binary.LittleEndian.AppendUint64(nil, uint64(c.Value)))
	}
}

// last is the newest step of this section that fits and speaks of the thread,
// or else the newest of all. Zero is any thread.
func (g *gatherer) last(tid tracer.TID, fits func(*Step) bool) *Step {
	for i := len(g.run.Steps) - 1; i >= g.first; i-- {
		if s := &g.run.Steps[i]; fits(s) && (tid == 0 || s.TID == int(tid)) {
			return s
		}
	}
	if len(g.run.Steps) == 0 {
		return &Step{} // nothing was called yet: there is no place to show it
	}
	return &g.run.Steps[len(g.run.Steps)-1]
}

// follow puts what the run says after a call with that call.
func (g *gatherer) follow(e stage.Event) {
	if len(g.run.Steps) == g.first {
		g.loose = append(g.loose, e)
		return
	}
	g.leave()
	s := &g.run.Steps[len(g.run.Steps)-1]
	html, _ := htmlOf([]stage.Event{e})
	s.After = append(s.After, html...)
}

// leave puts the loose prose behind the newest step of the section. A section
// without a call keeps it for the first call that comes.
func (g *gatherer) leave() {
	if len(g.run.Steps) == g.first || len(g.loose) == 0 {
		return
	}
	s := &g.run.Steps[len(g.run.Steps)-1]
	html, asked := htmlOf(g.loose)
	s.After, s.Ask = append(s.After, html...), append(s.Ask, asked...)
	g.loose, g.asks = nil, false
}

func (g *gatherer) regsOf(e *stage.RegsEvent) *Regs {
	r := &Regs{Changed: slices.Clone(e.Changed), Was: map[string]string{}}
	if before, ok := g.regs[e.TID]; ok {
		for _, name := range e.Regs.Changed(before) {
			if !slices.Contains(r.Changed, name) {
				r.Changed = append(r.Changed, name)
			}
		}
		for _, reg := range before.All() {
			if slices.Contains(r.Changed, reg.Name) {
				r.Was[reg.Name] = reg.Value.Hex()
			}
		}
	}
	if r.Changed == nil {
		r.Changed = []string{}
	}
	g.regs[e.TID] = e.Regs
	for _, reg := range e.Regs.All() {
		r.Names = append(r.Names, reg.Name)
		r.Values = append(r.Values, reg.Value.Hex())
	}
	return r
}

// isCall fits a call whose name begins so: PTRACE_GETREGS is GETREGSET as well.
func isCall(begins string) func(*Step) bool {
	return func(s *Step) bool { return strings.HasPrefix(s.request, begins) }
}

// shortAt is the file and line without the folder.
func shortAt(at string) string { return at[strings.LastIndexByte(at, '/')+1:] }

// kindOf sorts the calls for the strip: what asks and moves, what waits, and
// what is no ptrace at all.
func kindOf(c *tracer.Call) string {
	switch {
	case strings.HasPrefix(c.Name, "wait"):
		return "wait"
	case c.IsPtrace():
		return "request"
	}
	return "other"
}

// folds says how many calls the event stands for.
func folds(e *stage.CallEvent) string {
	switch {
	case e.N <= 1:
		return ""
	case e.Loop > 1:
		return fmt.Sprintf("Call %d of %d in a loop that was made %s times.", e.Turn, e.Loop, grouped(e.N))
	}
	return fmt.Sprintf("Made %s times in a row.", grouped(e.N))
}

func grouped(n int) string { return stage.Measured{}.Count(stage.Count(n)) }

var argv0 = regexp.MustCompile(`\{"([^"]+)"`)

// programOf is the first argument of an execve, from its C line.
func programOf(c string) string {
	if m := argv0.FindStringSubmatch(c); m != nil {
		return m[1]
	}
	return ""
}

// memoryOf cuts memory into rows of sixteen bytes.
func memoryOf(a tracer.Addr, bytes []byte) (rows []Memory) {
	for i := 0; i < len(bytes); i += 16 {
		row := bytes[i:min(i+16, len(bytes))]
		text := strings.Map(func(r rune) rune {
			if ' ' <= r && r <= '~' {
				return r
			}
			return '.'
		}, string(latin1(row)))
		rows = append(rows, Memory{(a + tracer.Addr(i)).String(), fmt.Sprintf("% x", row), text})
	}
	return rows
}

// latin1 makes one rune of each byte.
func latin1(p []byte) []rune {
	runes := make([]rune, len(p))
	for i, b := range p {
		runes[i] = rune(b)
	}
	return runes
}

// stopOf draws a status. The ranges are those of wait(2) and ptrace(2).
func stopOf(e *stage.StopEvent) *Stop {
	s := &Stop{Status: fmt.Sprintf("0x%04x", uint32(e.Stop.Status)), Name: e.Stop.Name()}
	if e.Stop.Kind == tracer.SignalDelivery || e.Stop.Kind == tracer.GroupStop {
		s.Name += " by " + e.Stop.Signal.String()
	}
	if e.Code != nil {
		s.Code = fmt.Sprintf("si_code %d %s", *e.Code, names.SICodeName(int(e.Stop.Signal), *e.Code))
		if code, ok := names.FindSICode(int(e.Stop.Signal), *e.Code); ok {
			s.Code += ": " + code.Sentence
		}
	}
	if stop, ok := names.StopByName(e.Stop.Name()); ok {
		s.Says = stop.Sentence
	}
	bit := 32
	for _, part := range stage.StatusParts(e.Stop) {
		high := bit - 1
		bit -= len(part.Bits)
		span := fmt.Sprintf("bits %d\u2013%d", high, bit)
		if high == bit {
			span = fmt.Sprintf("bit %d", bit)
		}
		s.Parts = append(s.Parts, StatusPart{span, part.Bits, part.Says})
	}
	return s
}
