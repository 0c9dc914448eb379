package supervise

import (
	"sync"

	"golang.org/x/term"
)

// terminal is the one that keys come from. While it is entered, keys arrive
// one by one and are not echoed; lines are still written as ever, and Ctrl-C and
// Ctrl-Z are still signals.
type terminal struct {
	fd     int
	mu     sync.Mutex
	before *term.State // nil: not entered
}

// enter takes the terminal, or takes it again after somebody else had it.
func (s *terminal) enter() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.before == nil {
		s.before, _ = term.GetState(s.fd)
	}
	keyByKey(s.fd)
}

// leave gives the terminal back as it was.
func (s *terminal) leave() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.before != nil && foreground() { // in the background it is somebody else's
		term.Restore(s.fd, s.before)
	}
	s.before = nil
}

// entered says whether the terminal is ours now.
func (s *terminal) entered() bool {
	if s == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.before != nil
}
