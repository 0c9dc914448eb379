package syscalls

import (
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/killset"
)

// grace is how long a program has to end after a signal.
const grace = 200 * time.Millisecond

// ending is how a run ends before its end. The supervising goroutine needs it while the
// tracer's thread waits.
type ending struct {
	started  killset.Set
	leaving  atomic.Bool // threads are let go at their next stops
	handling sync.Mutex  // held while a stop of a process that we have not started is handled
	quiet    bool        // the observer is told nothing more; under handling
	left     chan struct{}
	once     sync.Once

	mu     sync.Mutex
	why    Why
	signal tracer.Signal
}

// because keeps the first reason.
func (e *ending) because(why Why, sig tracer.Signal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.why == Complete {
		e.why, e.signal = why, sig
	}
}

// leave lets go of all threads, each at its next stop.
func (r *run) leave() {
	r.leaving.Store(true)
	if r.cfg.PID != 0 {
		r.once.Do(func() { close(r.left) })
	}
}

// supervise waits for the end of the work, and brings it about when the time is over or
// a signal asks for it. A process is let go, and then it is not waited for.
func (r *run) supervise(over <-chan error) error {
	var timeout <-chan time.Time
	if r.cfg.Timeout > 0 {
		timeout = time.After(r.cfg.Timeout)
	}
	var first tracer.Signal
	stop := func() {}
	defer func() { stop() }()
	for {
		select {
		case err := <-over:
			return err
		case <-r.left:
			return r.lastStops(over)
		case <-timeout:
			r.because(Timeout, 0)
			r.finish()
		case s := <-r.cfg.Signals:
			number, _ := s.(syscall.Signal)
			sig := tracer.Signal(number)
			switch {
			case sig == 0:
			case r.cfg.PID != 0:
				r.because(Interrupted, sig)
				r.leave()
			case first != 0:
				r.because(Interrupted, first)
				r.started.Kill()
			default:
				first = sig
				stop = r.started.Pass(sig, grace, func() {
					r.because(Interrupted, sig)
					r.started.Kill()
				}, r.main)
			}
		}
	}
}

// finish kills a program that is ours, and lets go of a process.
func (r *run) finish() {
	if r.cfg.PID != 0 {
		r.leave()
		return
	}
	r.started.Kill()
}

// lastStops gives the threads of a process that are about to stop the time for it. The
// others are let go by the end of ours.
func (r *run) lastStops(over <-chan error) error {
	select {
	case err := <-over:
		return err
	case <-time.After(20 * time.Millisecond):
	}
	r.hold()
	r.quiet = true
	r.handling.Unlock()
	return nil
}

// hold keeps stops from being handled from now on.
func (r *run) hold() { r.handling.Lock() }

func (r *run) result() Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Result{End: r.end, Why: r.why, Signal: r.signal, Hold: r.hold}
}
