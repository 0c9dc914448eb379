package names

import "fmt"

// Event is one kind of PTRACE_EVENT stop.
type Event struct {
	Number   int    // bits 31-16 of the wait status
	Name     string // "PTRACE_EVENT_EXEC"
	Message  string // what PTRACE_GETEVENTMSG gives
	Sentence string
}

// Events are all PTRACE_EVENT stops, by number.
var Events = []Event{
	{1, "PTRACE_EVENT_FORK", "the new process's id",
		"The tracee has called fork, and the new process is traced. The stop comes before the call returns."},
	{2, "PTRACE_EVENT_VFORK", "the new process's id",
		"The tracee has called vfork, and the new process is traced. The parent waits until the child execs or exits."},
	{3, "PTRACE_EVENT_CLONE", "the new thread's id",
		"The tracee has called clone, and the new thread or process is traced."},
	{4, "PTRACE_EVENT_EXEC", "the thread's id before execve",
		"The new program is loaded, and execve has not returned yet: rax still holds -38, ENOSYS."},
	{5, "PTRACE_EVENT_VFORK_DONE", "the new process's id",
		"The child of vfork has called execve or exited, so the parent may go on."},
	{6, "PTRACE_EVENT_EXIT", "the exit status, as wait4 will report it",
		"The tracee is about to end. Its registers can still be read, but nothing stops the exit now."},
	{7, "PTRACE_EVENT_SECCOMP", "SECCOMP_RET_DATA, the filter's low 16 bits",
		"A seccomp filter asked for the tracer: the system call has not run yet."},
	{128, "PTRACE_EVENT_STOP", "0",
		"A seized tracee stopped: by PTRACE_INTERRUPT, as a new child, or in a group-stop, which shows its stop signal."},
}

// EventName is the name of event n, "PTRACE_EVENT_EXEC", or "PTRACE_EVENT_99"
// for a number that ptrace(2) does not know.
func EventName(n int) string {
	for _, e := range Events {
		if e.Number == n {
			return e.Name
		}
	}
	return fmt.Sprintf("PTRACE_EVENT_%d", n)
}
