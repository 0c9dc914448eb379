// Package supervise is how a run ends before its end, and how it stops and goes
// on: signals, job control, the terminal, and the processes that were started.
package supervise

import (
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/supervise/quit"
	"ptwalk/tracer"
	"ptwalk/tracer/killset"
)

// Supervisor ends a run before its end: at a signal, or at a panic beside the
// tracer's thread. What was started is killed, so that a wait for it returns; the
// run looks here between its requests, cleans up and returns. Notify is used and
// not Ignore, which a child would inherit.
//
// A nil *Supervisor supervises nothing: what is told to it is not kept, and it has
// nothing to say.
type Supervisor struct {
	caught  chan struct{} // closed when the run has to end
	notify  chan os.Signal
	grace   time.Duration
	started killset.Set

	mu    sync.Mutex
	asked syscall.Signal // the first signal

	once    sync.Once
	failure atomic.Pointer[exit.Failure]
	over    atomic.Bool // the run has ended
	abandon func(error) int
	around  atomic.Pointer[func()] // see Around
	typing  atomic.Pointer[func()] // see Typing

	jobs jobs
}

// patience is how long a run may take to come to its next request before we
// end at once, as when a pipe takes no more. The kernel then kills what we
// started, because it was started with PR_SET_PDEATHSIG, and lets go what we
// attached to.
const patience = 500 * time.Millisecond

// New begins to catch. With a grace, the program that we started has
// that time to end by itself. Abandon tells why a run ends at once, where it does
// not come to its end, and returns the exit status.
func New(grace time.Duration, abandon func(error) int) *Supervisor {
	s := &Supervisor{caught: make(chan struct{}), notify: make(chan os.Signal, 8), grace: grace, abandon: abandon}
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
	go s.Beside(func() {
		for sig := range s.notify {
			switch {
			case sig == syscall.SIGPIPE:
			case slices.Contains(jobSignals, sig):
				go s.jobs.asked(sig)
			case slices.Contains(contSignals, sig):
				go s.jobs.continued()
			case sig == syscall.SIGINT && s.Drop():
			default:
				s.Take(sig.(syscall.Signal))
			}
		}
	})
	return s
}

// Take answers a signal that asks us to end. The program has it first, where
// there is a grace: from the terminal, or from us if it has not come. A second
// signal ends the grace.
func (s *Supervisor) Take(sig syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked == 0 {
		s.asked = sig
		if s.grace > 0 {
			s.started.Pass(tracer.Signal(sig), s.grace, func() { s.End(exit.BySignal(sig, true)) })
			return
		}
	}
	s.End(exit.BySignal(s.asked, s.grace > 0))
}

// Typing is told after each key of a line: where there is something typed, drop is
// what the next SIGINT does, which then ends nothing; otherwise drop is nil.
func (s *Supervisor) Typing(drop func()) {
	if drop == nil {
		s.typing.Store(nil)
		return
	}
	s.typing.Store(&drop)
}

// Drop drops the line that is being typed, and says whether there was one.
func (s *Supervisor) Drop() bool {
	drop := s.typing.Swap(nil)
	if drop != nil {
		(*drop)()
	}
	return drop != nil
}

// End ends the run: gently, and after our patience at once.
func (s *Supervisor) End(f *exit.Failure) {
	s.once.Do(func() {
		s.failure.Store(f)
		s.started.Kill()
		close(s.caught)
		time.AfterFunc(patience, func() {
			if !s.over.Load() {
				s.started.Reap(patience)
				s.jobs.terminal.Load().leave()
				if end := s.around.Load(); end != nil {
					(*end)()
				}
				os.Exit(s.abandon(f))
			}
		})
	})
}

// Beside runs do, which is not on the tracer's thread. A panic of do would end
// the process in the middle of what the tracer does; it ends the run instead.
func (s *Supervisor) Beside(do func()) {
	if s == nil {
		do()
		return
	}
	defer func() {
		if p := recover(); p != nil {
			s.End(exit.Mistake(p, debug.Stack()))
		}
	}()
	do()
}

// Asked is the signal that has asked us to end, 0 if none has come.
func (s *Supervisor) Asked() tracer.Signal {
	if s == nil {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return tracer.Signal(s.asked)
}

// Caught is closed when the run has to end.
func (s *Supervisor) Caught() <-chan struct{} { return s.caught }

// Hold keeps Ctrl-Z away until release.
func (s *Supervisor) Hold() (release func()) {
	if s == nil {
		return func() {}
	}
	return s.jobs.hold()
}

// Started makes a process known that we have started and not reaped: whatever
// ends the run ends it too.
func (s *Supervisor) Started(pid tracer.TID) {
	if s != nil {
		s.started.Add(pid)
	}
}

// Around is for a program of somebody's: what that starts is killed with it, and end
// is called where we end at once.
func (s *Supervisor) Around(family *killset.Family, end func()) {
	if s != nil {
		s.started.With(family)
		s.around.Store(&end)
	}
}

// Reaped forgets it.
func (s *Supervisor) Reaped(pid tracer.TID) {
	if s != nil {
		s.started.Remove(pid)
	}
}

// StoppedBy takes note that a process which we have started has stopped for a
// signal. A signal that it has seen is not sent to it once more.
func (s *Supervisor) StoppedBy(sig tracer.Signal) {
	if s != nil {
		s.started.Saw(sig)
	}
}

// Kill kills one of those that we have started.
func (s *Supervisor) Kill(pid tracer.TID) {
	if s != nil {
		s.started.Signal(tracer.SIGKILL, pid)
	}
}

// KillAll kills all of them.
func (s *Supervisor) KillAll() {
	if s != nil {
		s.started.Signal(tracer.SIGKILL)
	}
}

// KillForGood kills all of them, their families, and what is started later.
func (s *Supervisor) KillForGood() { s.started.Kill() }

// Ended is why the run has to end, or nil.
func (s *Supervisor) Ended() *exit.Failure {
	if s == nil {
		return nil
	}
	return s.failure.Load()
}

// Stop ends the supervision and gives the terminal back.
func (s *Supervisor) Stop() {
	s.over.Store(true)
	quit.Return()
	signal.Stop(s.notify)
	s.jobs.terminal.Load().leave()
}

// WhenResumed has resumed told when we go on in the foreground after a stop.
func (s *Supervisor) WhenResumed(resumed func()) {
	s.jobs.resumed.Store(&resumed)
	for _, sig := range contSignals {
		signal.Notify(s.notify, sig)
	}
}

// SignalTo returns a function that leaves one word in a channel with room for it.
func SignalTo(c chan<- struct{}) func() {
	return func() {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// TakeKeys takes the terminal, and gives it back whenever we stop or end.
// Resumed is told when we go on after a stop.
func (s *Supervisor) TakeKeys(fd int, resumed func()) {
	s.jobs.terminal.Store(&terminal{fd: fd})
	s.WhenResumed(resumed)
	if !foreground() {
		s.jobs.pause()
		return
	}
	s.jobs.terminal.Load().enter()
}
