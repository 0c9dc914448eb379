// Package slide draws one step of a recording as a picture for a slide: the request
// as its C line, its result, what it is for, and the status that it has brought, bit
// by bit. It is made from the events alone.
package slide

import (
	"fmt"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
	"ptwalk/tracer"
)

// Step is a request of a recording with what it has brought.
type Step struct {
	Number, Of int // steps are the calls of a recording, from 1, as in its player
	Lesson     event.Lesson
	Section    event.Section
	Call       *event.Call
	Stop       *event.Stop // the status that belongs to it, nil if there is none
	When       When
	Brought    []event.Event // registers, memory, a siginfo and the like
}

// When says when the status of a step was told.
type When string

// A wait4 tells a status itself; a request that lets the tracee run is followed by
// one that does; all others find the tracee where it has stopped before.
const (
	Now    When = "wait4 tells"
	Next   When = "then wait4 tells"
	Before When = "wait4 has told before"
)

// StepOf is step n of a recording.
func StepOf(events []event.Event, n int) (Step, error) {
	var s Step
	told := map[tracer.TID]*event.Stop{} // in this section, before the step
	calls := 0
	for _, e := range events {
		here := calls == n && n > 0
		switch e := e.(type) {
		case *event.Lesson:
			if calls < n {
				s.Lesson = *e
			}
		case *event.Section:
			if calls < n {
				s.Section, told = *e, map[tracer.TID]*event.Stop{}
			}
		case *event.Call:
			switch calls++; {
			case calls == n:
				s.Call = e
				s.Stop, s.When = told[e.Call.TID], Before
			case calls == n+1 && n > 0 && s.When != Now && e.Call.Name == "wait4" && e.Call.TID == s.Call.Call.TID:
				s.When = Next
			}
		case *event.Stop:
			switch {
			case calls < n:
				told[e.Stop.TID] = e
			case here:
				s.Stop, s.When = e, Now
			case calls == n+1 && s.When == Next:
				s.Stop = e
			}
		case *event.Regs, *event.Memory, *event.SigInfo, *event.Syscall, *event.Instruction, *event.Output:
			if here {
				s.Brought = append(s.Brought, e)
			}
		}
	}
	if s.Number, s.Of = n, calls; s.Call == nil {
		return Step{}, fmt.Errorf("the recording has %d steps, and no step %d", calls, n)
	}
	return s, nil
}

// lines are what the step has brought beside a status, as a lesson tells it.
func (s Step) lines() (all []string) {
	var out strings.Builder
	text := render.NewText(&out, render.Style{Width: columns, Each: true})
	for _, e := range s.Brought {
		text.Event(e)
	}
	text.Flush()
	for line := range strings.Lines(out.String()) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// where is the place of the step, and what it was recorded on.
func (s Step) where() (above, below string) {
	s.Lesson.Replay = true
	file := s.Call.At[strings.LastIndexByte(s.Call.At, '/')+1:]
	return fmt.Sprintf("%d %s, section %d: %s", s.Lesson.Number, s.Lesson.Name, s.Section.Number, s.Section.Title),
		strings.TrimSuffix(fmt.Sprintf("%s. Step %d of %d, %s", render.Replayed(&s.Lesson, event.Measured{}), s.Number, s.Of, file), ", ")
}
