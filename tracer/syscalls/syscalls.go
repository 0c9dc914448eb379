// Package syscalls follows the system calls of a program: each entry and each exit, the
// signals between them, and the ends.
//
// A thread is restarted by PTRACE_SYSCALL, and so it stops twice at each call. Which of
// the two a stop is, PTRACE_GET_SYSCALL_INFO says; before Linux 5.3 it is told by turns,
// thread by thread. What a call means is no concern of this package: see package decode.
//
// A program that we start is killed with us, by PTRACE_O_EXITKILL, and its threads in
// group-stop are left there until SIGCONT comes. To a process that runs already we attach
// by PTRACE_SEIZE: nothing of it is changed, PTRACE_LISTEN leaves it in its group-stop,
// and when we end, in whatever way, it goes on as if nobody had been there.
package syscalls

import (
	"errors"
	"os"
	"runtime"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/killset"
)

// Entry is a system call that a thread is about to make.
type Entry struct {
	TID    tracer.TID
	Arch   tracer.Arch // whose table Nr is of
	Nr     int64
	Args   [6]uint64
	SP     tracer.Addr // the stack pointer; 0 where it is not known
	Before int64       // the call that a signal has interrupted before, -1 for none
}

// Memory is that of a thread, while it is stopped.
type Memory interface {
	ReadAt(p []byte, a tracer.Addr) (int, error)
}

// Observer is told what happens, on the tracer's thread. A thread that it is told of is
// stopped, or gone.
type Observer interface {
	// Enter says whether the call counts for Config.Limit.
	Enter(e Entry, m Memory) (counts bool)
	Exit(tid tracer.TID, result int64, failed bool)
	Signal(stop tracer.Stop, info tracer.SigInfo)
	Stopped(stop tracer.Stop)                  // a group-stop
	Ended(stop tracer.Stop)                    // a thread
	Replaced(leader, former tracer.TID)        // execve of the thread former: the leader is it now
	Left(tid tracer.TID)                       // let go
	Attached(pid tracer.TID, threads int)      // to a process, with Config.PID
	Executed(tid tracer.TID, c tracer.Command) // the execve by which the program was started
	Lost() bool                                // nobody wants to know more: let go
}

// Config says what to follow.
type Config struct {
	Command tracer.Command // the program to start, or
	PID     tracer.TID     // the process to attach to

	Family *killset.Family // what the program starts: it is killed where the program is; may be nil

	Follow   bool          // children too, and threads that are born later
	Limit    uint64        // let go after so many calls; 0 is never
	Timeout  time.Duration // end the program, or let go of the process; 0 is never
	Observer Observer

	// Started is called on the tracer's thread when the program has been started and
	// has its own descriptors: the caller's copies can be closed. It may be nil.
	Started func()

	// Signals are signals that asked us to end, as signal.Notify sends them. A program of
	// ours gets the first one before all else. If it has not ended after 200 ms, or if
	// another signal comes, it is killed. A process is let go at once.
	Signals <-chan os.Signal
}

// Why says why a run is over before the program.
type Why string

// The reasons.
const (
	Complete    Why = ""
	Timeout     Why = "timeout"   // Config.Timeout has passed
	Interrupted Why = "interrupt" // Config.Signals asked for it
)

// Result is how a run has ended.
type Result struct {
	End    tracer.Stop // how the program ended: Exited or Killed
	Why    Why
	Signal tracer.Signal // that asked for it, where Why is Interrupted

	// Hold is to be called right before this process ends: no stop of a process that it was
	// let go of is being handled then.
	Hold func()
}

// ErrUnseen is the error of a program that ran to its end without one stop. The
// stop of execve is a SIGTRAP, and whoever started us had blocked that signal.
var ErrUnseen = errors.New("no stop at execve: SIGTRAP is blocked where we were started")

// StartError is the error of a program that was not started: that of the step that
// failed.
type StartError struct{ Err error }

func (e *StartError) Error() string { return e.Err.Error() }

// Unwrap is that error.
func (e *StartError) Unwrap() error { return e.Err }

// Run starts the program and follows it until all that is traced is gone, or until it has
// let go and the program has ended. It must not be called where the thread that it
// locks has other children: it would reap them.
//
// Of a process it was let go of, threads that wait in the kernel are still attached when
// Run returns: they are disturbed least if the end of this process lets them go, which
// the caller then hurries to. Until then each is let go at its next stop.
func Run(cfg Config) (Result, error) {
	r := newRun(cfg)
	over := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and not unlocked: what is traced is let go with its thread
		over <- r.work()
	}()
	err := r.supervise(over)
	return r.result(), err
}
