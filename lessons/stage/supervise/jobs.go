package supervise

import (
	"os"
	"slices"
	"sync"
	"sync/atomic"
)

// jobs is job control: Ctrl-Z stops us, but never while a process that we did
// not start may be stopped by us. Stopped ourselves, we could not let it go.
type jobs struct {
	held     sync.Mutex // locked while such a process may be stopped
	pausing  atomic.Bool
	paused   atomic.Bool              // the next SIGCONT ends a stop of our own
	terminal atomic.Pointer[terminal] // the terminal, if we take keys from it
	resumed  atomic.Pointer[func()]   // told when we go on in the foreground, may be nil
}

// hold keeps Ctrl-Z away until release.
func (j *jobs) hold() (release func()) {
	j.held.Lock()
	return j.held.Unlock
}

// asked answers a signal that stops a process. That a background job has used the
// terminal is no reason any more once it is in the foreground.
func (j *jobs) asked(sig os.Signal) {
	if slices.Contains(ttySignals, sig) && foreground() {
		return
	}
	j.pause()
}

// continued answers SIGCONT. Where somebody else has stopped us the terminal is
// another now.
func (j *jobs) continued() {
	terminal := j.terminal.Load()
	if !j.paused.Swap(false) && (terminal == nil || terminal.entered()) {
		j.resume()
	}
}

// pause stops this process as the signal would have, and returns when SIGCONT
// has come; with keys to take, when we are in the foreground too. As the kernel
// does, it stops nobody whose process group is orphaned: no shell would be there
// to continue it.
func (j *jobs) pause() {
	if !j.pausing.CompareAndSwap(false, true) {
		return
	}
	stopped := j.stopped()
	for stopped && j.terminal.Load() != nil && !foreground() {
		stopped = j.stopped()
	}
	j.pausing.Store(false)
	if stopped {
		j.resume()
	}
}

// stopped stops this process, and says whether it did.
func (j *jobs) stopped() bool {
	defer j.hold()()
	if orphaned(os.Getpid()) {
		return false
	}
	j.terminal.Load().leave()
	j.paused.Store(true)
	stopHere()
	return true
}

// resume takes the terminal again, if we take keys from it. In the background
// that is another reason to stop.
func (j *jobs) resume() {
	terminal := j.terminal.Load()
	if !foreground() {
		if terminal != nil {
			j.pause()
		}
		return
	}
	terminal.enter()
	if resumed := j.resumed.Load(); resumed != nil {
		(*resumed)()
	}
}
