package stage

import (
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// signals remembers the first signal that asks us to end. The run looks at it
// between requests, takes its tracees down and returns. Notify is used and not
// Ignore, which a child would inherit.
type signals struct {
	caught chan struct{} // closed at the first signal
	first  atomic.Int32
	notify chan os.Signal
	once   sync.Once
	grace  time.Duration
}

// patience is how long a run may take to come to its next request before we
// end at once. The kernel then kills what we started, because it was started
// with PR_SET_PDEATHSIG.
const patience = 500 * time.Millisecond

func catchSignals(grace time.Duration) *signals {
	s := &signals{caught: make(chan struct{}), notify: make(chan os.Signal, 8), grace: grace}
	// With SIGPIPE caught, a write to a closed pipe is an error like any other.
	signal.Notify(s.notify, syscall.SIGPIPE)
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(sig) { // nohup, or a shell's background job
			signal.Notify(s.notify, sig)
		}
	}
	go func() {
		for sig := range s.notify {
			if n := sig.(syscall.Signal); n != syscall.SIGPIPE {
				s.take(n)
			}
		}
	}()
	return s
}

func (s *signals) take(sig syscall.Signal) {
	s.once.Do(func() {
		time.AfterFunc(s.grace, func() { s.first.Store(int32(sig)) }) // the program has it first
		close(s.caught)
		time.AfterFunc(s.grace+patience, func() { os.Exit(128 + int(sig)) })
	})
}

// ended is the signal that asks us to end, or 0.
func (s *signals) ended() syscall.Signal { return syscall.Signal(s.first.Load()) }

func (s *signals) stop() { signal.Stop(s.notify) }
