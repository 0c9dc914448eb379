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
	defer j.pausing.Store(false)
	defer j.hold()()
	if !orphaned(os.Getpid()) {
		stopHere()
	}
}
