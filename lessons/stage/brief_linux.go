package stage

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// brief runs do on a thread of its own, never the tracer's, which ends when this
// goroutine does. The first thread of a process lives as long as that: it is held
// here while another is taken.
func brief(do func()) {
	runtime.LockOSThread() // and not unlocked: the thread ends
	if unix.Gettid() != os.Getpid() {
		do()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		brief(do)
	}()
	<-done
	runtime.UnlockOSThread()
}
