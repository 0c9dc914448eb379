package count

import (
	"sync/atomic"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
)

// Threads that execute their own code take turns. One has the turn, and the others
// wait in their stops, in the order in which they came, until it has done its share
// or waits in a system call.
//
// A step takes some 20 us. A thread that waits with a time-out of 5 ms, as Python's
// do for their lock, needs a thousand instructions to look and to wait again, and so
// it is never done with that. If all ran side by side, those who look would take the
// time from the one for whom they wait, and whoever gets the lock would be asked for
// it before it has done anything. With turns a time-out that is over costs one turn.

// share is how many instructions a thread executes in a turn where others wait for
// theirs: many times what it costs to hand a lock on.
const share = 10_000

// turns says who executes its own code, and who waits for that.
type turns struct {
	holder *thread // or nil
	before uint64  // the instructions of the holder before its turn
	queue  []waiting
	quiet  int // how often in a row there was nothing to report
}

// waiting is a thread in a stop, and the signal that it goes on with, or 0.
type waiting struct {
	th  *thread
	sig tracer.Signal
}

// take says whether the thread may go on now. Else it is in the queue.
func (r *run) take(th *thread, sig tracer.Signal) bool {
	t := &r.turns
	switch {
	case t.holder == nil:
		t.holder, t.before = th, th.instructions
		return true
	case t.holder == th && (len(t.queue) == 0 || th.instructions-t.before < share):
		return true
	}
	t.queue = append(t.queue, waiting{th, sig})
	r.pass(th)
	return false
}

// pass gives the turn of a thread, if it has it, to the next one.
func (r *run) pass(th *thread) {
	t := &r.turns
	if t.holder != th {
		return
	}
	t.holder = nil
	if len(t.queue) > 0 {
		next := t.queue[0]
		t.queue = append(t.queue[:0], t.queue[1:]...)
		r.resume(next.th, next.sig)
	}
}

// leave is for a thread that is gone.
func (r *run) leave(th *thread) {
	t := &r.turns
	for i, w := range t.queue {
		if w.th == th {
			t.queue = append(t.queue[:i], t.queue[i+1:]...)
			break
		}
	}
	r.pass(th)
}

// wait waits for the next stop. A thread in group-stop is left there, as job
// control wants it, and nothing reports the SIGCONT that ends it, because the thread
// was not seized. And a thread that has the turn may wait in the middle of an
// instruction, for memory that another one is to bring: userfaultfd(2). So where
// somebody else could go on, the wait comes to an end from time to time.
func (r *run) wait() (tracer.Stop, bool, error) {
	patient := len(r.turns.queue) == 0 && !r.anyGrouped()
	if r.pendingStep != nil && patient {
		return r.stepOn()
	}
	if th := r.pendingStep; th != nil {
		r.pendingStep = nil
		r.refused(th.tracee.SingleStep(0))
	}
	if patient {
		stop, err := r.tracer.Wait(tracer.Any)
		return stop, true, err
	}
	r.alarm.begin()
	interrupted := await()
	r.alarm.end()
	stop, ok, err := r.tracer.Poll(tracer.Any)
	if ok || err != nil {
		r.turns.quiet = 0
		return stop, ok, err
	}
	if interrupted {
		r.lookUp()
	}
	return tracer.Stop{}, false, nil
}

// quietTurn is how often in a row nothing is reported before the turn goes on, though
// its holder has not stopped.
const quietTurn = 10

// lookUp sees who could go on.
func (r *run) lookUp() {
	for _, th := range r.threads {
		if th.doing == inGroupStop && !r.ending.begun() && procfs.LeavesGroupStop(th.tracee.TID) {
			th.doing = stepping
			r.resume(th, 0)
		}
	}
	if r.turns.quiet++; r.turns.quiet >= quietTurn && r.turns.holder != nil {
		r.turns.quiet = 0
		r.pass(r.turns.holder)
	}
}

func (r *run) anyGrouped() bool {
	for _, th := range r.threads {
		if th.doing == inGroupStop {
			return true
		}
	}
	return false
}

// tick is how long a wait may take before it is interrupted.
const tick = 10 * time.Millisecond

// alarm interrupts a wait of the tracer's thread that takes longer than a tick.
type alarm struct {
	set     chan struct{} // is closed when the first such wait begins
	begun   bool
	waiting atomic.Uint64 // the number of the wait, 0 where there is none
	last    uint64
}

// begin is before a wait.
func (a *alarm) begin() {
	if !a.begun {
		a.begun = true
		close(a.set)
	}
	a.last++
	a.waiting.Store(a.last)
}

// end is after it.
func (a *alarm) end() { a.waiting.Store(0) }

// run interrupts the waits of a thread of ours, until done is closed.
func (a *alarm) run(thread int, done <-chan struct{}) {
	select {
	case <-done:
		return
	case <-a.set:
	}
	every := time.NewTicker(tick)
	defer every.Stop()
	for before := uint64(0); ; {
		select {
		case <-done:
			return
		case <-every.C:
		}
		now := a.waiting.Load()
		if now != 0 && now == before {
			interrupt(thread)
		}
		before = now
	}
}
