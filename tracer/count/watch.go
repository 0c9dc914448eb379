package count

import (
	"cmp"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/killset"
)

// spare is how many descriptors stay free for what is read in /proc.
const spare = 12

// ending is why a run has to end before the program does, and who is killed then.
// The watch needs it while the tracer's thread waits.
type ending struct {
	on      atomic.Bool
	started killset.Set

	mu     sync.Mutex
	why    Why
	signal tracer.Signal
	err    error
}

// begun says whether everything has been told to end.
func (e *ending) begun() bool { return e.on.Load() }

// end kills all processes, and every one that appears later. The first reason
// counts.
func (e *ending) end(why Why) { e.stop(why, 0, nil) }

// fail is end because of an error of ours.
func (e *ending) fail(err error) { e.stop(Complete, 0, err) }

func (e *ending) stop(why Why, sig tracer.Signal, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.on.Swap(true) {
		e.why, e.signal, e.err = why, sig, err
	}
	e.started.Kill()
}

// reason is why, for the result.
func (e *ending) reason() (Why, tracer.Signal, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.why, e.signal, e.err
}

// defaultGrace is how long a program has to end after a signal.
const defaultGrace = 200 * time.Millisecond

// watch ends the program when its time is up, or when a signal asks for it, and
// interrupts waits. It runs beside the tracer's thread, which may be waiting. The function that it
// returns ends the watch.
func (r *run) watch() (stop func()) {
	done, thread := make(chan struct{}), thisThread()
	var gone sync.WaitGroup
	gone.Go(func() { r.look(done) })
	gone.Go(func() { r.alarm.run(thread, done) })
	return func() {
		close(done)
		gone.Wait()
	}
}

// look waits for the timeout and for signals. The program has the first one before
// all else, a second one kills it.
func (r *run) look(done <-chan struct{}) {
	var timeout <-chan time.Time
	if r.cfg.Timeout > 0 {
		timeout = time.After(r.cfg.Timeout - time.Since(r.began))
	}
	var first tracer.Signal
	kill := func() { r.ending.stop(Interrupted, first, nil) }
	for {
		select {
		case <-done:
			return
		case <-timeout:
			r.ending.end(Timeout)
		case s := <-r.cfg.Signals:
			switch sig := number(s); {
			case sig == 0:
			case first != 0:
				kill()
			default:
				first = sig
				defer r.ending.started.Pass(sig, cmp.Or(r.cfg.Grace, defaultGrace), kill, r.main)()
			}
		}
	}
}

// number is the number of a signal, 0 for what is none, as from a channel that
// was closed.
func number(s os.Signal) tracer.Signal {
	n, _ := s.(syscall.Signal)
	if n < 0 || n > 64 {
		return 0
	}
	return tracer.Signal(n)
}
