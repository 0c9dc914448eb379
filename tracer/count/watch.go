package count

import (
	"cmp"
	"os"
	"syscall"
	"time"

	"ptwalk/tracer"
)

// defaultGrace is how long a program has to end after a signal.
const defaultGrace = 200 * time.Millisecond

// watch ends the program when its time is up, or when a signal asks for it. It
// runs beside the tracer's thread, which may be waiting. The function that it
// returns ends the watch.
func (r *run) watch() (stop func()) {
	done, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		r.look(done)
	}()
	return func() {
		close(done)
		<-gone
	}
}

// recently is how long before our own signal the program's may have come: a
// terminal sends it to both in one go.
const recently = 100 * time.Millisecond

// look waits for the timeout and for signals. A signal of the terminal goes to
// the program as well as to us; one of kill(1) to us alone. The two look the same
// from here. So we wait a moment for the program's own, and send it if none has
// come. If it only waits to be delivered, as when the program blocks it, sending
// it again changes nothing.
func (r *run) look(done <-chan struct{}) {
	var timeout, pass, kill <-chan time.Time
	if r.cfg.Timeout > 0 {
		timeout = time.After(r.cfg.Timeout - time.Since(r.began))
	}
	grace := cmp.Or(r.cfg.Grace, defaultGrace)
	var first tracer.Signal
	var since time.Duration
	for {
		select {
		case <-done:
			return
		case <-timeout:
			r.ending.end(Timeout)
		case <-pass:
			if time.Duration(r.seenAt[first].Load()) <= since {
				r.ending.send(r.main, first)
			}
		case <-kill:
			r.ending.stop(Interrupted, first, nil)
		case s := <-r.cfg.Signals:
			sig := number(s)
			switch {
			case sig == 0:
			case first != 0:
				r.ending.stop(Interrupted, first, nil)
			default:
				first, since = sig, max(0, time.Since(r.began)-recently)
				pass, kill = time.After(grace/4), time.After(grace)
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
