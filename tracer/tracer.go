package tracer

import "syscall"

// Observer is told of every call of a Tracer. Before is told what is about to be
// asked; After gets the Call once more, with its result, also when that is an error.
// Of a call that the child makes between fork and execve After alone is told, once
// it is known to have gone well. Both run on the tracer's thread and may keep the
// Call.
type Observer interface {
	Before(*Call)
	After(*Call)
}

// Reader is an Observer that is told what a request has brought as well, right after
// After: Regs, FPRegs, a RegSet, a SigInfo or several, a SyscallInfo, a UserDesc, a
// filter or the Metadata of one, an RseqConfiguration, a DispatchConfig or a Memory. A
// word that was read is in the Call.
type Reader interface {
	Observer
	Read(TID, any)
}

// Memory is memory of a tracee that was read.
type Memory struct {
	Addr  Addr
	Bytes []byte
}

// reader is who wants to know what requests bring, or nil. The value is made for it
// alone: a loop that nobody listens to allocates nothing.
func (t *Tracer) reader() Reader {
	r, _ := t.Observer.(Reader)
	return r
}

// brought tells a reader what a request has brought, if it has brought it.
func brought[T any](c *Tracee, value T, err error) (T, error) {
	if to := c.tracer.reader(); to != nil && err == nil {
		to.Read(c.TID, value)
	}
	return value, err
}

// Tracer makes the requests of one thread and keeps its tracees. The zero value
// is ready to use. See the package comment for the thread that it needs.
type Tracer struct {
	Observer Observer // may be nil

	tracees map[TID]*Tracee
}

// Tracee is one thread that we trace, or a child that may become one.
type Tracee struct {
	TID     TID
	Started bool // it is our child: we may kill it, and reap it
	Seized  bool // attached by PTRACE_SEIZE: event stops, INTERRUPT and LISTEN

	tracer    *Tracer
	inSyscall bool   // a syscall-stop that follows is an exit-stop
	pending   Signal // of the signal-delivery-stop that it is in, or 0
	ended     bool   // Wait has reported its end
}

// Over says whether Wait has reported the end of the tracee. Its number may
// belong to another process by now.
func (c *Tracee) Over() bool { return c.ended }

// Tracees returns every tracee and child that has not been seen to end, in no
// particular order.
func (t *Tracer) Tracees() []*Tracee {
	var all []*Tracee
	for _, tracee := range t.tracees {
		all = append(all, tracee)
	}
	return all
}

// Adopt makes tid known as a tracee of ours: a thread or child that an option
// such as PTRACE_O_TRACECLONE attached by itself.
func (t *Tracer) Adopt(tid TID, like *Tracee) *Tracee {
	return t.add(&Tracee{TID: tid, Started: like.Started, Seized: like.Seized})
}

// Forget ends what is known of a tracee whose number is nobody's any more: the
// thread has executed another program, and has the number of its process since.
// Wait never tells the end of that number. The manual: ptrace(2), "execve(2) under
// ptrace".
func (t *Tracer) Forget(tid TID) {
	if tracee := t.tracees[tid]; tracee != nil {
		tracee.ended = true
		delete(t.tracees, tid)
	}
}

func (t *Tracer) add(tracee *Tracee) *Tracee {
	if t.tracees == nil {
		t.tracees = map[TID]*Tracee{}
	}
	tracee.tracer = t
	t.tracees[tracee.TID] = tracee
	return tracee
}

// make is the door: every call of a Tracer passes it. The observer sees the call
// before it is made and after. It gets a copy, so that a call that nobody listens to
// stays on the stack, and costs nothing.
func (t *Tracer) make(c *Call, call func() (result uintptr, errno syscall.Errno)) error {
	if t.Observer != nil {
		told := named(*c)
		t.Observer.Before(&told)
	}
	result, errno := call()
	c.Result, c.Errno = int64(result), errno
	if errno != 0 {
		c.Result = -int64(errno)
	}
	t.after(c)
	if errno != 0 {
		return &Error{Request: named(*c).Name, TID: c.TID, Addr: Addr(c.Addr), Err: errno}
	}
	return nil
}

func (t *Tracer) after(c *Call) {
	if t.Observer != nil {
		told := named(*c)
		t.Observer.After(&told)
	}
}

func named(c Call) Call {
	if c.Name == "" {
		c.Name = c.Request.String()
	}
	if c.By == "" {
		c.By = ByTracer
	}
	return c
}
