package stage

import (
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"ptwalk/lessons/stage/quit"
	"ptwalk/tracer"
	"ptwalk/tracer/killset"
)

// signals is how a run ends before its end: by a signal, or by a panic beside
// the tracer's thread. What was started is killed, so that a wait for it
// returns; the run looks here between its requests, cleans up and returns.
// Notify is used and not Ignore, which a child would inherit.
type signals struct {
	caught  chan struct{} // closed when the run has to end
	notify  chan os.Signal
	grace   time.Duration
	started killset.Set

	mu    sync.Mutex
	asked syscall.Signal // the first signal

	once    sync.Once
	failure atomic.Pointer[Failure]
	over    atomic.Bool // the run has ended

	jobs jobs
}

// patience is how long a run may take to come to its next request before we
// end at once, as when a pipe takes no more. The kernel then kills what we
// started, because it was started with PR_SET_PDEATHSIG, and lets go what we
// attached to.
const patience = 500 * time.Millisecond

// catchSignals begins to catch. With a grace, the program that we started has
// that time to end by itself.
func catchSignals(grace time.Duration) *signals {
	s := &signals{caught: make(chan struct{}), notify: make(chan os.Signal, 8), grace: grace}
	// With SIGPIPE caught or ignored, a write to a closed pipe is an error like any
	// other.
	if !signal.Ignored(syscall.SIGPIPE) {
		signal.Notify(s.notify, syscall.SIGPIPE)
	}
	ends := []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}
	for _, sig := range append(ends, jobSignals...) {
		if !signal.Ignored(sig) { // nohup, or a shell's background job
			signal.Notify(s.notify, sig)
		}
	}
	quit.Leave(s.notify)
	go s.beside(func() {
		for sig := range s.notify {
			switch {
			case sig == syscall.SIGPIPE:
			case slices.Contains(jobSignals, sig):
				go s.jobs.asked(sig)
			case slices.Contains(contSignals, sig):
				go s.jobs.continued()
			default:
				s.take(sig.(syscall.Signal))
			}
		}
	})
	return s
}

// take answers a signal that asks us to end. The program has it first, where
// there is a grace: from the terminal, or from us if it has not come. A second
// signal ends the grace.
func (s *signals) take(sig syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked == 0 {
		s.asked = sig
		if s.grace > 0 {
			s.started.Pass(tracer.Signal(sig), s.grace, func() { s.end(interrupted(sig, true)) })
			return
		}
	}
	s.end(interrupted(s.asked, s.grace > 0))
}

func interrupted(sig syscall.Signal, program bool) *Failure {
	return &Failure{128 + int(sig), Interrupted{sig, program}}
}

// end ends the run: gently, and after our patience at once.
func (s *signals) end(f *Failure) {
	s.once.Do(func() {
		s.failure.Store(f)
		s.started.Kill()
		close(s.caught)
		time.AfterFunc(patience, func() {
			if !s.over.Load() {
				s.started.Reap(patience)
				s.jobs.screen.Load().leave()
				os.Exit(Report(f))
			}
		})
	})
}

// beside runs do, which is not on the tracer's thread. A panic of do would end
// the process in the middle of what the tracer does; it ends the run instead.
func (s *signals) beside(do func()) {
	defer func() {
		if p := recover(); p != nil {
			s.end(mistake(p, debug.Stack()))
		}
	}()
	do()
}

// ended is why the run has to end, or nil.
func (s *signals) ended() *Failure {
	if s == nil {
		return nil
	}
	return s.failure.Load()
}

func (s *signals) stop() {
	s.over.Store(true)
	signal.Stop(s.notify)
	s.jobs.screen.Load().leave()
}

// whenResumed has resumed told when we go on in the foreground after a stop.
func (s *signals) whenResumed(resumed func()) {
	s.jobs.resumed.Store(&resumed)
	for _, sig := range contSignals {
		signal.Notify(s.notify, sig)
	}
}

// signalTo returns a function that leaves one word in a channel with room for it.
func signalTo(c chan<- struct{}) func() {
	return func() {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// takeKeys takes the terminal, and gives it back whenever we stop or end.
// Resumed is told when we go on after a stop.
func (s *signals) takeKeys(fd int, resumed func()) {
	s.jobs.screen.Store(&screen{fd: fd})
	s.whenResumed(resumed)
	if !foreground() {
		s.jobs.pause()
		return
	}
	s.jobs.screen.Load().enter()
}
