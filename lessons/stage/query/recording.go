package query

import (
	"errors"
	"slices"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
	"ptwalk/tracer/user"
)

// ErrNotRecorded says that a recording does not have what is asked for.
var ErrNotRecorded = errors.New("that was not recorded here")

// Recording answers from the events of a run, as of one of its calls: with what was
// read of a tracee in the same stop, and not changed between. Right after the call is
// the moment, and right before it for a call that makes the tracee run. Each answer is
// what the events have, so that it shows by which request it was read.
type Recording struct {
	TID  tracer.TID
	Emit func(event.Event)

	events   []event.Event
	from, to int // the stop
	at       int // the moment: a place between two events
	show     *[]string
}

// NewRecording is what was recorded of a tracee at the call events[at]. A tid of 0 is
// that of the call.
func NewRecording(events []event.Event, at int, tid tracer.TID, emit func(event.Event)) *Recording {
	if call := callOf(events[at]); tid == 0 && call != nil {
		if tid = call.TID; tid <= 0 {
			tid = tracer.TID(call.Result) // wait4(-1)
		}
	}
	r := &Recording{TID: tid, Emit: emit, events: events, to: len(events)}
	for i, e := range events {
		ends := e.Kind() == "section" || r.restarts(e)
		switch {
		case ends && i < at:
			r.from = i + 1
		case ends:
			r.to = min(r.to, i)
		}
	}
	for r.at = at; r.at < r.to && (r.at == at || callOf(events[r.at]) == nil); r.at++ {
	}
	return r
}

func callOf(e event.Event) *tracer.Call {
	if c, ok := e.(*event.Call); ok && c.Call.By == tracer.ByTracer {
		return &c.Call
	}
	return nil
}

// restarts says whether an event makes the tracee run.
func (r *Recording) restarts(e event.Event) bool {
	c := callOf(e)
	if c == nil || c.TID != r.TID || c.Errno != 0 {
		return false
	}
	return c.Request.Restarts() || c.Name == "kill" && tracer.Signal(c.Flag) == tracer.SIGKILL
}

// find is the event of the stop that is nearest to the moment and that is wanted; no
// call that writes may stand between. It is -1 where there is none.
func (r *Recording) find(writes func(*tracer.Call) bool, wanted func(event.Event) bool) int {
	written := func(i int) bool {
		c := callOf(r.events[i])
		return c != nil && c.TID == r.TID && c.Errno == 0 && writes(c)
	}
	for i := r.at - 1; i >= r.from; i-- {
		if wanted(r.events[i]) {
			return i
		}
		if written(i) {
			break
		}
	}
	for i := r.at; i < r.to && !written(i); i++ {
		if wanted(r.events[i]) {
			return i
		}
	}
	return -1
}

// tell emits what a call has brought, with the call before it.
func (r *Recording) tell(i int, brought event.Event) {
	for j := i; j >= r.from; j-- {
		if c, ok := r.events[j].(*event.Call); ok {
			shown := *c
			shown.Brief = false
			r.Emit(&shown)
			break
		}
	}
	if brought != nil {
		r.Emit(brought)
	}
}

// Showing is what [Tracee.Showing] has to be.
func (r *Recording) Showing(registers []string, do func()) {
	r.show = &registers
	defer func() { r.show = nil }()
	do()
}

// writesRegs are the requests that change registers.
func writesRegs(c *tracer.Call) bool {
	return c.Request == tracer.PokeUser || c.Request == tracer.SetRegs
}

// GetRegs are the registers that were read.
func (r *Recording) GetRegs() (tracer.Regs, error) {
	i := r.find(writesRegs, func(e event.Event) bool {
		regs, ok := e.(*event.Regs)
		return ok && regs.TID == r.TID
	})
	if i < 0 {
		return tracer.Regs{}, ErrNotRecorded
	}
	shown := *r.events[i].(*event.Regs)
	shown.Brief, shown.Changed = r.show == nil, nil
	if r.show != nil {
		shown.Show = *r.show
	}
	r.tell(i, &shown)
	return shown.Regs, nil
}

// peeked finds a word that was read.
func (r *Recording) peeked(addr uint64, writes func(*tracer.Call) bool, requests ...tracer.Request) (tracer.Word, error) {
	i := r.find(writes, func(e event.Event) bool {
		c := callOf(e)
		return c != nil && c.TID == r.TID && c.Addr == addr && c.Errno == 0 && slices.Contains(requests, c.Request)
	})
	if i < 0 {
		return 0, ErrNotRecorded
	}
	r.tell(i, nil)
	return callOf(r.events[i]).Value, nil
}

// PeekUser is a word of the USER area that was read by itself, or with all registers.
func (r *Recording) PeekUser(offset uint64) (tracer.Word, error) {
	w, err := r.peeked(offset, writesRegs, tracer.PeekUser)
	if err == nil || offset%8 != 0 || offset >= user.Registers {
		return w, err
	}
	var regs tracer.Regs
	name := registerAt(offset)
	r.Showing([]string{name}, func() { regs, err = r.GetRegs() })
	if err != nil {
		return 0, err
	}
	w, _ = regs.Get(name)
	return w, nil
}

// writesMemory are the requests that change memory.
func writesMemory(c *tracer.Call) bool {
	return c.Request == tracer.PokeData || c.Request == tracer.PokeText || c.Name == "process_vm_writev"
}

// PeekData is a word of memory that was read.
func (r *Recording) PeekData(a tracer.Addr) (tracer.Word, error) {
	return r.peeked(uint64(a), writesMemory, tracer.PeekData, tracer.PeekText)
}

// ReadAt is memory that was read, all of it at once.
func (r *Recording) ReadAt(p []byte, a tracer.Addr) (int, error) {
	i := r.find(writesMemory, func(e event.Event) bool {
		m, ok := e.(*event.Memory)
		return ok && m.TID == r.TID && m.Addr <= a && uint64(a)+uint64(len(p)) <= uint64(m.Addr)+uint64(len(m.Bytes))
	})
	if i < 0 {
		return 0, ErrNotRecorded
	}
	m := r.events[i].(*event.Memory)
	n := copy(p, m.Bytes[a-m.Addr:])
	var shown event.Event
	if r.show != nil {
		shown = &event.Memory{TID: r.TID, Addr: a, Bytes: slices.Clone(p[:n])}
	}
	r.tell(i, shown)
	return n, nil
}

// SigInfo tells the siginfo that was read. What it returns is empty.
func (r *Recording) SigInfo() (tracer.SigInfo, error) {
	i := r.find(nothing, func(e event.Event) bool {
		info, ok := e.(*event.SigInfo)
		return ok && info.TID == r.TID
	})
	if i < 0 {
		return tracer.SigInfo{}, ErrNotRecorded
	}
	shown := *r.events[i].(*event.SigInfo)
	shown.Brief = false
	r.tell(i, &shown)
	return tracer.SigInfo{}, nil
}

// EventMsg is the message that was read.
func (r *Recording) EventMsg() (tracer.Word, error) {
	return r.peeked(0, nothing, tracer.GetEventMsg)
}

func nothing(*tracer.Call) bool { return false }

// status draws the wait status that has begun the stop.
func (r *Recording) status(words []string) error {
	i := r.find(nothing, func(e event.Event) bool {
		stop, ok := e.(*event.Stop)
		return ok && stop.Stop.TID == r.TID
	})
	if i < 0 || len(words) > 0 {
		return ErrNotRecorded
	}
	shown := *r.events[i].(*event.Stop)
	shown.Brief = false
	r.tell(i, &shown)
	return nil
}
