// Package seize attaches to the threads of a process that runs already.
package seize

import (
	"errors"
	"io/fs"
	"syscall"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
)

// Threads lists the threads of a process. One that has ended has none.
func Threads(pid tracer.TID) ([]tracer.TID, error) {
	tids, err := procfs.Threads(pid)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
		err = nil
	}
	return tids, err
}

// Next attaches to one more thread of a process, of which we have some. When that takes
// long, the process is in execve: the kernel lets nobody attach until the execve has
// ended, and that waits until the threads that it killed are reaped. Those that we
// have are reaped meanwhile, from a thread of ours that does not wait. The first thread
// of the process is not: execve does that itself, and else its status is the end of
// the process. Executes says that it was so, and the threads are others now. Errors as
// [tracer.Tracer.Seize].
func Next(t *tracer.Tracer, pid, tid tracer.TID, have []tracer.TID, options tracer.Option) (tracee *tracer.Tracee, executes bool, err error) {
	const long = 20 * time.Millisecond
	over, reaped := make(chan struct{}), make(chan bool)
	go func() {
		any := false
		for {
			select {
			case <-over:
				reaped <- any
				return
			case <-time.After(long):
			}
			for _, other := range have {
				if other != pid && procfs.Ended(other) && tracer.Reap(other) {
					any = true
				}
			}
		}
	}()
	tracee, err = t.Seize(tid, options)
	close(over)
	return tracee, <-reaped && !procfs.Ended(pid), err
}
