package stage

import (
	"os"
	"sync"
	"sync/atomic"
)

// jobs is job control: Ctrl-Z stops us, but never while a process that we did
// not start may be stopped by us. Stopped ourselves, we could not let it go.
type jobs struct {
	held    sync.Mutex // locked while such a process may be stopped
	pausing atomic.Bool
	screen  atomic.Pointer[screen] // the terminal, if we take keys from it
	resumed func()                 // told when we go on, may be nil
}

// hold keeps Ctrl-Z away until release.
func (j *jobs) hold() (release func()) {
	j.held.Lock()
	return j.held.Unlock
}

// pause stops this process as the signal would have, and returns when SIGCONT
// has come. As the kernel does, it stops nobody whose process group is orphaned:
// no shell would be there to continue it.
func (j *jobs) pause() {
	if !j.pausing.CompareAndSwap(false, true) {
		return
	}
	if j.stopped() {
		j.resume()
	}
}

// stopped stops this process, and says whether it did.
func (j *jobs) stopped() bool {
	defer j.pausing.Store(false)
	defer j.hold()()
	if orphaned(os.Getpid()) {
		return false
	}
	j.screen.Load().leave()
	stopHere()
	return true
}

// resume takes the terminal again. In the background that is another reason to
// stop.
func (j *jobs) resume() {
	screen := j.screen.Load()
	if screen == nil {
		return
	}
	screen.enter()
	if j.resumed != nil {
		j.resumed()
	}
}
