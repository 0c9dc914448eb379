// Package killset ends what a tracer has started, from any goroutine, while the
// tracer's own thread may be waiting: SIGKILL ends every stop and every wait. A
// process is held by a pidfd, so that a number that was given to another process
// cannot be meant.
package killset

import (
	"maps"
	"slices"
	"sync"
	"time"

	"ptwalk/tracer"
)

// Set are the processes that were started and have not been reaped. The zero value
// is an empty one. All methods may be called from any goroutine.
type Set struct {
	// Spare is how many descriptors stay free for others. A process for which they
	// do not suffice is known by its number alone.
	Spare int

	mu     sync.Mutex
	fds    map[tracer.TID]pidfd
	family *Family
	killed bool                        // Kill was called
	last   map[tracer.Signal]time.Time // when a process stopped for a signal
}

// Add makes a process known. It must not have been reaped.
func (s *Set) Add(pid tracer.TID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fd := openPidfd(pid, s.Spare)
	if s.fds == nil {
		s.fds = map[tracer.TID]pidfd{}
	}
	s.fds[pid] = fd
	s.family.begin()
	if s.killed {
		fd.send(tracer.SIGKILL)
	}
}

// Remove forgets a process that was reaped. One that is not known, as a thread, is
// ignored.
func (s *Set) Remove(pid tracer.TID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(pid)
}

func (s *Set) remove(pid tracer.TID) {
	if fd, ok := s.fds[pid]; ok {
		fd.close()
		delete(s.fds, pid)
	}
}

// Signal sends a signal to those that are named and still there, or to all where
// none is named.
func (s *Set) Signal(sig tracer.Signal, pids ...tracer.TID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, pid := range pids {
		if fd, ok := s.fds[pid]; ok {
			fd.send(sig)
		}
	}
	if len(pids) == 0 {
		for _, fd := range s.fds {
			fd.send(sig)
		}
	}
}

// With has Kill kill a family too.
func (s *Set) With(f *Family) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.family = f
}

// Kill kills all, and what is added later.
func (s *Set) Kill() {
	s.mu.Lock()
	s.killed = true
	pids, family := slices.Collect(maps.Keys(s.fds)), s.family
	s.mu.Unlock()
	family.Kill(pids...) // while it can be told who belongs to whom
	s.Signal(tracer.SIGKILL)
}

// Reap takes the ends of those who were killed, for as long as the limit: the
// tracer's thread, whose task that is, has not come to it. It asks for ends alone,
// so that no stop is taken from that thread.
func (s *Set) Reap(limit time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for begin := time.Now(); len(s.fds) > 0 && time.Since(begin) < limit; time.Sleep(time.Millisecond) {
		for pid := range s.fds {
			if reaped(pid) {
				s.remove(pid)
			}
		}
	}
}

// Saw takes note that a process has stopped for a signal.
func (s *Set) Saw(sig tracer.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		s.last = map[tracer.Signal]time.Time{}
	}
	s.last[sig] = time.Now()
}

func (s *Set) seen(sig tracer.Signal, since time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last[sig].After(since)
}

// recently is how long before our own signal a program's may have come: a terminal
// sends it to both in one go.
const recently = 100 * time.Millisecond

// Pass answers a signal that has asked us to end. The program has it first, and
// kill is called when it has not ended after the grace. A signal of the terminal
// went to the program as well as to us, one of kill(1) to us alone, and the two look
// the same from here: so for a quarter of the grace we wait for [Set.Saw], and send
// the signal as [Set.Signal] does if it has not come. If it only waits to be
// delivered, as when the program blocks it, sending it again changes nothing.
//
// The function that Pass returns takes back what has not happened yet.
func (s *Set) Pass(sig tracer.Signal, grace time.Duration, kill func(), pids ...tracer.TID) (stop func()) {
	since := time.Now().Add(-recently)
	pass := time.AfterFunc(grace/4, func() {
		if !s.seen(sig, since) {
			s.Signal(sig, pids...)
		}
	})
	end := time.AfterFunc(grace, kill)
	return func() {
		pass.Stop()
		end.Stop()
	}
}
