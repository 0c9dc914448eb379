package attach

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/supervise"
)

// borrowLimit is how long a borrowed process may keep a request from returning.
// PTRACE_SEIZE waits, and only SIGKILL ends that, for a process that is in
// execve.
const borrowLimit = 5 * time.Second

// borrow runs do, which may stop a process that we did not start. Until it runs
// again, or is stopped as it was:
//
//   - nothing is written, because a slow reader must not hold it: events are
//     kept, and passed on afterwards;
//   - Ctrl-Z waits, because a tracer that is stopped lets nobody go;
//   - do alone looks whether it has to end, by Check, where no signal of the
//     process would be lost.
//
// The tracer is a thread of its own, and it ends before borrow returns. What do
// has not detached is detached then: by us where it is stopped, with the signal
// that it stopped for, and else by the kernel.
func borrow(s *stage.Stage, do func(*stage.Stage)) {
	kept := &keeper{}
	b := s.Apart(kept)
	release := s.Supervisor().Hold()
	ended := make(chan *exit.Failure, 1)
	thread := make(chan int, 1)
	onItsThread(func() {
		thread <- threadID()
		ended <- attempt(b, do)
	})
	failure, left := await(s.Supervisor(), ended)
	if left {
		kept = &keeper{} // do has not ended, and may still write there
	} else {
		awaitThread(<-thread)
	}
	release()
	for _, e := range kept.events {
		s.Pass(e)
	}
	if failure != nil {
		panic(failure)
	}
}

// await waits for the end of do. It leaves a request that does not return: after
// borrowLimit, or soon when a signal asks us to end.
func await(supervisor *supervise.Supervisor, ended <-chan *exit.Failure) (failure *exit.Failure, left bool) {
	const soon = 500 * time.Millisecond // for do to end by itself
	var asked time.Time
	for begin := time.Now(); ; {
		select {
		case failure = <-ended:
			return failure, false
		case <-time.After(50 * time.Millisecond):
		}
		if supervisor.Ended() != nil && asked.IsZero() {
			asked = time.Now()
		}
		switch {
		case !asked.IsZero() && time.Since(asked) > soon:
			return supervisor.Ended(), true
		case time.Since(begin) > borrowLimit:
			return exit.With(exit.Failed, fmt.Errorf("a request has not returned within %v: the process is probably in execve, and waits for a thread of its own to end", borrowLimit)), true
		}
	}
}

// attempt runs do and lets go of all that it has left attached.
func attempt(s *stage.Stage, do func(*stage.Stage)) (failure *exit.Failure) {
	defer func() {
		if p := recover(); p != nil {
			failure = s.Failure(p, debug.Stack())
		}
		for _, t := range s.Tracer.Tracees() {
			t.LetGo() // ESRCH: it runs, and is let go when this thread ends
		}
	}()
	do(s)
	return nil
}

// onItsThread runs do on a new thread, which ends with it. The main thread of a
// process does not end before the process does, so it is not taken.
func onItsThread(do func()) {
	go func() {
		runtime.LockOSThread() // and not unlocked: the thread ends
		if threadID() != os.Getpid() {
			do()
			return
		}
		done := make(chan struct{})
		onItsThread(func() { defer close(done); do() })
		<-done
		runtime.UnlockOSThread()
	}()
}

// awaitThread waits until a thread of ours is gone, and with it its tracees. The
// kernel detaches them before it takes the thread out of /proc.
func awaitThread(tid int) {
	for begin := time.Now(); time.Since(begin) < time.Second; time.Sleep(20 * time.Microsecond) {
		if _, err := os.Stat(fmt.Sprintf("/proc/self/task/%d", tid)); err != nil {
			return
		}
	}
}

// keeper is a sink that keeps events.
type keeper struct{ events []event.Event }

func (k *keeper) Event(e event.Event) { k.events = append(k.events, e) }
