package supervise

import (
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"ptwalk/tracer"
)

// children are the processes that this run has started and not reaped. A signal
// can be sent to them from any goroutine, while the tracer's thread waits: each
// is held by a pidfd, so that a number that was given to another process cannot
// be meant.
type children struct {
	mu   sync.Mutex
	fds  map[tracer.TID]int
	over bool                        // kill what comes
	last map[tracer.Signal]time.Time // when a process has stopped for a signal
}

// track makes a process known. It must not have been reaped.
func (s *children) track(pid tracer.TID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fd, err := unix.PidfdOpen(int(pid), 0)
	if err != nil {
		fd = -1 // no pidfd_open(2) before Linux 5.3
	}
	if s.fds == nil {
		s.fds = map[tracer.TID]int{}
	}
	s.fds[pid] = fd
	if s.over {
		s.send(pid, fd, unix.SIGKILL)
	}
}

// untrack forgets a process that was reaped.
func (s *children) untrack(pid tracer.TID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(pid)
}

func (s *children) forget(pid tracer.TID) {
	if fd, ok := s.fds[pid]; ok && fd >= 0 {
		unix.Close(fd)
	}
	delete(s.fds, pid)
}

// signal sends a signal to all.
func (s *children) signal(sig syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for pid, fd := range s.fds {
		s.send(pid, fd, sig)
	}
}

// end kills one.
func (s *children) end(pid tracer.TID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if fd, ok := s.fds[pid]; ok {
		s.send(pid, fd, unix.SIGKILL)
	}
}

// kill kills all, and what is added later.
func (s *children) kill() {
	s.mu.Lock()
	s.over = true
	s.mu.Unlock()
	s.signal(unix.SIGKILL)
}

// reap takes the ends of those who were killed, for a moment: the tracer's
// thread, whose task that is, has not come to it. It asks for ends alone, so that
// no stop is taken from that thread. See waitid(2).
func (s *children) reap() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for begin := time.Now(); len(s.fds) > 0 && time.Since(begin) < patience; time.Sleep(time.Millisecond) {
		for pid := range s.fds {
			var info unix.Siginfo
			err := unix.Waitid(unix.P_PID, int(pid), &info, unix.WEXITED|unix.WNOHANG|unix.WALL, nil)
			if err == unix.ECHILD || err == nil && info.Signo != 0 {
				s.forget(pid)
			}
		}
	}
}

func (s *children) send(pid tracer.TID, fd int, sig syscall.Signal) {
	if fd >= 0 {
		unix.PidfdSendSignal(fd, sig, nil, 0)
		return
	}
	unix.Kill(int(pid), sig)
}

// saw takes note that a process has stopped for a signal.
func (s *children) saw(sig tracer.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		s.last = map[tracer.Signal]time.Time{}
	}
	s.last[sig] = time.Now()
}

// seen says whether a process has stopped for a signal since then.
func (s *children) seen(sig tracer.Signal, since time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last[sig].After(since)
}
