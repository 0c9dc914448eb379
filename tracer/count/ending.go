package count

import (
	"sync"
	"sync/atomic"

	"ptwalk/tracer"
)

// ending kills what we started. The watch needs it while the tracer's thread
// waits: SIGKILL ends any stop and any wait. A process is killed through its
// pidfd, so that a number that has been given to another cannot be meant.
type ending struct {
	on atomic.Bool

	mu     sync.Mutex
	why    Why
	signal tracer.Signal
	err    error
	fds    map[tracer.TID]pidfd
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
	for _, fd := range e.fds {
		fd.send(tracer.SIGKILL)
	}
}

// add makes a process known.
func (e *ending) add(pid tracer.TID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fds == nil {
		e.fds = map[tracer.TID]pidfd{}
	}
	fd := openPidfd(pid)
	e.fds[pid] = fd
	if e.on.Load() {
		fd.send(tracer.SIGKILL)
	}
}

// remove forgets a process that has ended. It ignores a thread.
func (e *ending) remove(pid tracer.TID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if fd, ok := e.fds[pid]; ok {
		fd.close()
		delete(e.fds, pid)
	}
}

// send sends a signal to one process, if it is still there.
func (e *ending) send(pid tracer.TID, sig tracer.Signal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if fd, ok := e.fds[pid]; ok {
		fd.send(sig)
	}
}

// reason is why, for the result.
func (e *ending) reason() (Why, tracer.Signal, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.why, e.signal, e.err
}
