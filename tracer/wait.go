package tracer

import (
	"errors"
	"syscall"
)

// Any waits for any tracee or child of this thread.
const Any TID = -1

// Wait waits until tid stops or ends, or any with [Any], and reports how. It
// waits with __WALL, for threads too, and __WNOTHREAD, which leaves the
// children of other threads to those who started them. The errno is ECHILD when
// there is nothing to wait for.
//
// A stop may be stale when it arrives: SIGKILL takes a stopped thread away at
// any moment. A request that then answers ESRCH is no failure. Wait again.
func (t *Tracer) Wait(tid TID) (Stop, error) {
	s, _, err := t.wait(tid, wAll|wNoThread)
	return s, err
}

// Poll is Wait with WNOHANG: it returns false at once when there is nothing to
// report.
func (t *Tracer) Poll(tid TID) (Stop, bool, error) {
	return t.wait(tid, wAll|wNoThread|wNoHang)
}

// Await waits until [Tracer.Poll] of [Any] has something to report, and leaves it to be
// reported: a stop stays as it is, and so does the signal that it may have brought. It
// is waitid(2) with WNOWAIT. ECHILD: there is nothing to wait for.
func (t *Tracer) Await() error {
	return t.awaitAny(&Call{Name: "waitid", Request: notPtrace, TID: Any})
}

func (t *Tracer) wait(tid TID, flags uint64) (Stop, bool, error) {
	got, status, err := t.wait4(&Call{Name: "wait4", Request: notPtrace, TID: tid, Flag: flags})
	if err != nil || got == 0 {
		return Stop{}, false, err
	}
	return t.reported(got, status), true, nil
}

// reported takes note of what wait4 has reported.
func (t *Tracer) reported(tid TID, status Status) Stop {
	tracee := t.tracees[tid]
	if tracee == nil {
		return decode(tid, status, false)
	}
	s := decode(tid, status, tracee.Seized)
	tracee.pending = 0
	if s.Kind == SignalDelivery {
		tracee.pending = s.Signal
	}
	switch {
	case s.Ended():
		tracee.ended = true
		delete(t.tracees, tid)
	case s.Kind == SyscallEnter:
		if tracee.inSyscall {
			s.Kind = SyscallExit
		}
		tracee.inSyscall = !tracee.inSyscall
	case s.Kind == EventStop && s.Event < EventPtrace:
		tracee.inSyscall = true // of execve, fork ...: its exit is yet to come
	case s.Kind == SignalDelivery && s.Signal.Stops() && !tracee.Seized:
		// One status, two meanings: a group-stop has no siginfo.
		info, err := tracee.SigInfo()
		code := int(info.Code)
		switch {
		case err == nil:
			s.Code = &code
		case errors.Is(err, syscall.EINVAL):
			s.Kind = GroupStop
		}
	}
	return s
}

// Wait waits until this tracee stops or ends. See [Tracer.Wait].
func (c *Tracee) Wait() (Stop, error) { return c.tracer.Wait(c.TID) }
