package stage

import (
	"time"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// loop folds the calls of a loop. A turn of up to maxTurn calls that equals the
// turn before it adds one to the number of that turn, so a loop of a million
// steps needs the room of a few.
type loop struct {
	at     string
	calls  []folded
	output []event.Event // what the child wrote meanwhile
	end    event.Event   // how it ended, if it did

	began time.Time
	stops int
}

// Busy tells somebody who waits how far a loop is that takes long.
type Busy interface {
	// Loop may be called often: so many stops in that time.
	Loop(stops int, took time.Duration)
	// Done is for the end of the loop.
	Done()
}

// toldEvery is how many stops of a loop stand between two looks at the clock.
const toldEvery = 64

// tell counts the stops for somebody who waits.
func (l *loop) tell(c *tracer.Call, busy Busy) {
	if busy == nil || c.Name != "wait4" {
		return
	}
	if l.stops++; l.stops%toldEvery == 0 {
		busy.Loop(l.stops, time.Since(l.began))
	}
}

type folded struct {
	call tracer.Call
	n    int // how many turns
	of   int // calls in one turn; 0: not in a loop
	turn int // which of them, from 1

	brought []event.Event // the last time
}

const maxTurn = 4

func (l *loop) add(c tracer.Call) {
	l.calls = append(l.calls, folded{call: c, n: 1})
	for k := 1; k <= maxTurn; k++ {
		if l.fold(k) {
			return
		}
	}
}

// brought keeps what the newest call has brought. If that has been folded, it was
// the last of its turn.
func (l *loop) brought(e event.Event) {
	if n := len(l.calls); n > 0 {
		l.calls[n-1].brought = append(l.calls[n-1].brought, e)
	}
}

// fold merges the last k calls, all single, into the k before them.
func (l *loop) fold(k int) bool {
	from := len(l.calls) - 2*k
	if from < 0 {
		return false
	}
	before, last := l.calls[from:from+k], l.calls[from+k:]
	for i := range last {
		if last[i].of != 0 || (before[i].of != 0 && (before[i].of != k || before[i].turn != i+1)) ||
			(before[i].of == 0) != (before[0].of == 0) || !sameCall(&before[i].call, &last[i].call) {
			return false
		}
	}
	for i := range before {
		before[i].n++
		before[i].of, before[i].turn = k, i+1
		before[i].call.Value = last[i].call.Value
		before[i].brought = last[i].brought
	}
	l.calls = l.calls[:from+k]
	return true
}

// sameCall compares what a fold has to keep: all but the word that a PEEK read.
func sameCall(a, b *tracer.Call) bool {
	return a.Name == b.Name && a.By == b.By && a.TID == b.TID && a.Addr == b.Addr && a.Data == b.Data &&
		a.Result == b.Result && a.Errno == b.Errno && a.Flag == b.Flag &&
		(a.Name != "wait4" || a.Value == b.Value)
}

// events are the folded calls.
func (l *loop) events(brief bool) []event.Event {
	var out []event.Event
	for _, f := range l.calls {
		e := &event.Call{Call: f.call, N: f.n, Loop: f.of, Turn: f.turn, Brief: brief}
		e.At = l.at
		out = append(out, e)
		for _, e := range f.brought {
			event.BaseOf(e).At = l.at
			out = append(out, e)
		}
	}
	return out
}
