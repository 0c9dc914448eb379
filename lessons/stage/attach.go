package stage

import (
	"errors"
	"runtime/debug"
	"strings"
	"syscall"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/tracer"
	"ptwalk/tracer/doctor"
	"ptwalk/tracer/procfs"
)

// Attach begins to trace the child by PTRACE_ATTACH.
func (c *Child) Attach() {
	tracee, err := c.s.Tracer.Attach(c.TID())
	c.must(err)
	c.Tracee = tracee
}

// Seize begins to trace the child by PTRACE_SEIZE, with options.
func (c *Child) Seize(o tracer.Option) {
	tracee, err := c.s.Tracer.Seize(c.TID(), o)
	c.must(err)
	c.Tracee = tracee
}

// Thread is another thread of the child's process, as a child of its own. The
// process still ends, and is reaped, as one.
func (c *Child) Thread(tid tracer.TID) *Child {
	return &Child{s: c.s, Target: c.Target, Tracee: &tracer.Tracee{TID: tid}, table: c.table}
}

// Tasks are the threads of the child's process, from /proc/PID/task.
func (c *Child) Tasks() []tracer.TID {
	tids, _ := procfs.Threads(c.TID())
	return tids
}

// Status is a field of /proc/PID/status: "State", "TracerPid".
func (c *Child) Status(field string) string {
	c.s.needProc()
	return procfs.StatusField(c.TID(), field)
}

// Elsewhere runs do on another thread of ours, and waits for it. The thread ends
// afterwards: what it traces has lost its tracer.
func (s *Stage) Elsewhere(do func()) {
	failed := make(chan *exit.Failure, 1)
	go brief(func() {
		var failure *exit.Failure
		defer func() { failed <- failure }()
		defer func() {
			if p := recover(); p != nil {
				failure = s.Failure(p, debug.Stack())
			}
		}()
		do()
	})
	if failure := <-failed; failure != nil {
		panic(failure)
	}
}

// Refused prints the errno of a refusal, and why /proc says that tid cannot be
// traced: the words of the doctor, with the number of the process as a thread id.
func (s *Stage) Refused(tid tracer.TID, err error) {
	var errno syscall.Errno
	errors.As(err, &errno)
	d, ok := doctor.Pid(int(tid), errno)
	if !ok {
		s.Note("%s, and /proc does not tell why.", ErrnoName(err))
		return
	}
	why := strings.Split(strings.ReplaceAll(d.Why, "%", "%%"), tid.String())
	args := []any{ErrnoName(err)}
	for range len(why) - 1 {
		args = append(args, tid)
	}
	s.Note("%s: "+strings.Join(why, "%v"), args...)
}

// Asked reports a ptrace request that the child itself has made, as two
// syscall-stops have shown it: the arguments at entry, the result at exit.
func (c *Child) Asked(entry, exit tracer.SyscallInfo) {
	r := tracer.Request(entry.Arg(0))
	call := tracer.Call{Name: r.String(), Request: r, By: tracer.ByChild,
		TID: tracer.TID(entry.Arg(1)), Addr: uint64(entry.Arg(2)), Data: uint64(entry.Arg(3)), Result: exit.Result()}
	if exit.IsError() {
		call.Errno = syscall.Errno(-exit.Result())
	}
	c.s.emit(&event.Call{Call: call, N: 1})
}
