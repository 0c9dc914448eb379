// Package states says what each thread of a run does after each event: whether it
// runs, is stopped, is a zombie or gone, and whether it is traced. It goes by the
// calls and the stops alone, so it knows what the tracer knows.
package states

import (
	"slices"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// What a thread can be doing.
const (
	Running = "running"
	Stopped = "stopped"
	Zombie  = "zombie" // it has ended, and nobody has reaped it
	Gone    = "gone"
)

// State is what a thread does, since when it does so for that reason.
type State struct {
	TID    tracer.TID
	Is     string
	Traced bool
	Why    string // what made it so: "PTRACE_CONT", "group-stop by SIGSTOP"
}

// Follower follows the events of a run. Its zero value has seen none.
type Follower struct{ threads []*thread }

// thread is a state, and what a later event has to know of it.
type thread struct {
	State
	ours  bool // we have forked it, so its end is reported to us
	group bool // it is in a group-stop, which DETACH does not end
}

// All are the threads of the section, in the order in which they were met.
func (f *Follower) All() (all []State) {
	for _, t := range f.threads {
		all = append(all, t.State)
	}
	return all
}

// Event takes the next event, and returns the states that it has changed.
func (f *Follower) Event(e event.Event) []State {
	before := f.All()
	switch e := e.(type) {
	case *event.Section: // each ends what it has started
		f.threads = nil
	case *event.Call:
		f.call(&e.Call)
	case *event.Stop:
		f.stop(e.Stop.TID, e.Stop, e.Said())
	}
	return slices.DeleteFunc(f.All(), func(s State) bool { return slices.Contains(before, s) })
}

func (f *Follower) find(tid tracer.TID) *thread {
	i := slices.IndexFunc(f.threads, func(t *thread) bool { return t.TID == tid })
	if i < 0 {
		return nil
	}
	return f.threads[i]
}

// met is the thread, which runs if it is seen for the first time.
func (f *Follower) met(tid tracer.TID) *thread {
	t := f.find(tid)
	if t == nil {
		t = &thread{State: State{TID: tid, Is: Running}}
		f.threads = append(f.threads, t)
	}
	return t
}

// ended takes the threads with it that were let go and that we have not forked:
// they are of the same process, and nobody tells us of their end.
func (f *Follower) ended(t *thread) {
	for _, other := range f.threads {
		if other != t && !other.ours && !other.Traced && other.Is != Gone {
			other.Is, other.Why = Gone, "ended with its process"
		}
	}
}

// stop is a change of state that wait4 has reported.
func (f *Follower) stop(tid tracer.TID, s tracer.Stop, said string) {
	t := f.met(tid)
	if s.Ended() {
		t.Is, t.Why, t.Traced = Gone, s.Said()+", and reaped", false
		f.ended(t)
		return
	}
	t.Is, t.Why, t.Traced, t.group = Stopped, said, true, s.Kind == tracer.GroupStop
}
