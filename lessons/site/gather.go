package site

import (
	"html/template"
	"slices"
	"strings"

	"ptwalk/lessons/handout"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/event/states"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// runOf gathers the events of a recording into steps, one for each call event.
func runOf(events []event.Event) Run {
	g := gatherer{run: Run{Purposes: map[string]string{}}}
	for i, e := range events {
		g.event(i+1, e)
	}
	g.leave()
	g.finish()
	return g.run
}

// finish puts what is said after the last call with it, under the title of its
// section: an end that makes no call is read there.
func (g *gatherer) finish() {
	last := len(g.run.Steps)
	if last == 0 {
		return
	}
	if len(g.loose) > 0 && g.section != nil {
		html, asked := htmlOf(append([]event.Event{g.section}, g.loose...))
		s := &g.run.Steps[last-1]
		s.add(html)
		s.Ask = append(s.Ask, asked...)
	}
	for i := range g.run.Sections {
		g.run.Sections[i].First = min(g.run.Sections[i].First, last)
	}
}

// opening stands for what a lesson says before its first section: how to read the
// lines on a terminal, which are made as one reads them, and how to type there.
var opening = &event.Say{Text: "Each step is a call to the kernel. What it returned, and all that is known after it, " +
	"is of the machine that it was recorded on."}

// gatherer puts each event with the call that it belongs to.
type gatherer struct {
	run     Run
	loose   []event.Event // prose since the last call, which may lead to the next one
	asks    bool          // a question is among them
	first   int           // the first step of this section, an index
	section *event.Section
	regs    map[tracer.TID]tracer.Regs
	states  states.Follower
}

func (g *gatherer) event(line int, e event.Event) {
	switch e := e.(type) {
	case *event.Lesson:
		g.run.Tracer = int(e.PID)
	case *event.Section:
		g.leave()
		if len(g.loose) > 0 && g.section != nil { // the section before makes no call: both lead to the next one
			g.loose = append(append([]event.Event{g.section}, g.loose...), e)
		}
		g.section = e
		g.run.Sections = append(g.run.Sections, Section{Number: e.Number, Title: e.Title, First: len(g.run.Steps) + 1, Lanes: []int{}})
		g.states.Event(e)
		g.first, g.regs = len(g.run.Steps), map[tracer.TID]tracer.Regs{}
	case *event.Say:
		if len(g.run.Sections) == 0 {
			e = opening
		}
		g.loose = append(g.loose, e)
	case *event.Predict:
		g.loose = append(g.loose, e)
		g.asks = true
	case *event.Call:
		g.call(line, e)
		g.changed(&g.run.Steps[len(g.run.Steps)-1], e)
	case *event.Stop:
		s := g.last(e.Stop.TID, isCall("wait4"))
		s.Stop = stopOf(e)
		g.changed(s, e)
	case *event.Regs:
		s := g.last(e.TID, isCall("PTRACE_GETREGS"))
		s.Regs, s.RIP = g.regsOf(e), e.Regs.RIP.Hex()
	case *event.Instruction:
		s := g.last(e.TID, anyCall) // where it is known what it has done, and not where it was asked for
		s.Ran = &Ran{e.Addr.String(), e.Text, e.Meaning}
	case *event.SigInfo:
		s := g.last(e.TID, isCall("PTRACE_GETSIGINFO"))
		s.Brought = append(s.Brought, sigInfoOf(e))
	case *event.Syscall:
		s := g.last(e.TID, isCall("PTRACE_GET_SYSCALL_INFO"))
		s.Brought = append(s.Brought, e.Text(event.Measured{}))
	case *event.Memory:
		s := g.last(e.TID, anyCall)
		s.Memory = append(s.Memory, memoryOf(e.Addr, e.Bytes))
	case *event.Output:
		g.last(0, anyCall).Output += e.Text
	case *event.Note, *event.ProgramCount, *event.Table:
		g.follow(e)
	}
}

// call begins a step. What was said since the last call leads to it; but a
// question is asked before the answer can be seen, at the step before.
func (g *gatherer) call(line int, e *event.Call) {
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
	g.run.Purposes[c.Name] = handout.Sentence(c.Name)
	if r, ok := names.RequestByName(c.Name); ok && c.IsPtrace() {
		g.run.Purposes[c.Name] = r.Sentence
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

// changed puts the states that an event has changed with a step, and the threads
// that it has brought with the section.
func (g *gatherer) changed(s *Step, e event.Event) {
	for _, is := range g.states.Event(e) {
		s.States = slices.DeleteFunc(s.States, func(o State) bool { return o.TID == int(is.TID) })
		s.States = append(s.States, State{int(is.TID), is.Is, is.Traced, is.Why})
		if n := len(g.run.Sections); n > 0 && !slices.Contains(g.run.Sections[n-1].Lanes, int(is.TID)) {
			g.run.Sections[n-1].Lanes = append(g.run.Sections[n-1].Lanes, int(is.TID))
		}
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
func (g *gatherer) follow(e event.Event) {
	if len(g.run.Steps) == g.first {
		g.loose = append(g.loose, e)
		return
	}
	g.leave()
	s := &g.run.Steps[len(g.run.Steps)-1]
	html, _ := htmlOf([]event.Event{e})
	s.add(html)
}

// add puts what is said behind the call, or behind the question that is asked
// there: it may be the answer.
func (s *Step) add(html []template.HTML) {
	if len(s.Ask) > 0 {
		s.Then = append(s.Then, html...)
	} else {
		s.After = append(s.After, html...)
	}
}

// leave puts the loose prose behind the newest step of the section. A section
// without a call keeps it for the first call that comes.
func (g *gatherer) leave() {
	if len(g.run.Steps) == g.first || len(g.loose) == 0 {
		return
	}
	s := &g.run.Steps[len(g.run.Steps)-1]
	html, asked := htmlOf(g.loose)
	s.add(html)
	s.Ask = append(s.Ask, asked...)
	g.loose, g.asks = nil, false
}

func anyCall(*Step) bool { return true }

// isCall fits a call whose name begins so: PTRACE_GETREGS is GETREGSET as well.
func isCall(begins string) func(*Step) bool {
	return func(s *Step) bool { return strings.HasPrefix(s.request, begins) }
}
