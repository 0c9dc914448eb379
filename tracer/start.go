package tracer

import (
	"os"
	"syscall"
)

// Command is a program to start.
type Command struct {
	Path  string   // the file to execute; it is not searched for in PATH
	Argv  []string // argv, with argv[0]
	Env   []string // the whole environment
	Dir   string   // the working directory, "" for ours
	Files []*os.File
	// Files are the child's descriptors 0, 1, 2 ...; a nil entry is closed in it.

	// Group gives the child a process group of its own, so that the signals of
	// the terminal (Ctrl-C, Ctrl-Z) reach us alone.
	Group bool
}

// ForkTraceMe is the Flag of a fork that is about to be made, if its child will ask for
// PTRACE_TRACEME. Path and Argv of that call are those of the child's execve.
const ForkTraceMe = 1

// Start makes a child that volunteers: between fork and execve it asks for
// PTRACE_TRACEME. The first stop, which Wait reports, is the SIGTRAP that
// execve raises in a traced thread. Start returns when execve has succeeded. The
// error is a [syscall.Errno], that of the step that failed: of fork or of what the
// child does, which an observer is told of as the fork's. The manual: ptrace(2),
// PTRACE_TRACEME.
//
// The kernel kills the child when this thread ends, by PR_SET_PDEATHSIG: see
// prctl(2).
func (t *Tracer) Start(cmd Command) (*Tracee, error) {
	return t.launch(cmd, true)
}

// Spawn makes a child that does not volunteer. It runs at once. It may become a
// tracee by a TRACEME of its own, or by Attach or Seize.
func (t *Tracer) Spawn(cmd Command) (*Tracee, error) {
	return t.launch(cmd, false)
}

func (t *Tracer) launch(cmd Command, traceme bool) (*Tracee, error) {
	fork := &Call{Name: "fork", Request: notPtrace, Path: cmd.Path, Argv: cmd.Argv}
	if traceme {
		fork.Flag = ForkTraceMe
	}
	err := t.make(fork, func() (uintptr, syscall.Errno) {
		fork.Path, fork.Argv, fork.Flag = "", nil, 0 // the child's calls have them
		tid, err := t.fork(cmd, traceme)
		fork.TID = tid
		errno, _ := err.(syscall.Errno)
		return uintptr(tid), errno
	})
	if err != nil {
		return nil, fork.Errno
	}
	tid := fork.TID
	// The child has made these; that execve went well proves them all.
	if traceme {
		t.after(&Call{Name: TraceMe.String(), Request: TraceMe, By: ByChild, TID: tid})
	}
	t.after(&Call{Name: "execve", Request: notPtrace, By: ByChild, TID: tid, Path: cmd.Path, Argv: cmd.Argv})
	return t.add(&Tracee{TID: tid, Started: true}), nil
}
