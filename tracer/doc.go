// Package tracer is ptrace(2) in Go: one method for each request, and nothing
// that hides one.
//
// In a nutshell, it works as follows. A [Tracer] starts or attaches to a
// [Tracee], which is always one thread. The tracee runs until something stops
// it; [Tracer.Wait] reports that [Stop]. While it is stopped, and only then,
// the requests that look at it or change it are answered. A request such as
// [Tracee.Cont] or [Tracee.SingleStep] restarts it, and the next Wait reports
// the next stop, until a stop says that the tracee has ended.
//
// # One thread
//
// The kernel remembers which thread of ours is the tracer, and refuses every
// request from another one with ESRCH. The caller of this package runs on one
// goroutine that has called [runtime.LockOSThread], and stays there until the
// last tracee is gone: when the thread ends, the kernel takes it for the death
// of the tracer. Package os/exec has to be kept away from tracees, because its
// Wait consumes the first ptrace-stop as if it were the end.
//
// # One door
//
// Every system call of a Tracer passes one function, which hands it to the
// [Observer] before and after. What an observer shows can therefore not differ
// from what was asked. Where there is no observer, [Tracee.StepOn] makes its three
// requests without it, because nothing else is as frequent. [Reap] belongs to no
// Tracer.
//
// # Words
//
// The words are those of the manual page ptrace(2), section "Stopped states":
// signal-delivery-stop, group-stop, syscall-enter-stop, PTRACE_EVENT stop.
// Requests that restart a tracee take the signal to deliver, so that passing a
// signal on, or dropping it, is always written out.
package tracer
