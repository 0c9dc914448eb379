package names

import "fmt"

// Event is one kind of PTRACE_EVENT stop.
type Event struct {
	Number   int    // bits 31-16 of the wait status
	Name     string // "PTRACE_EVENT_EXEC"
	Message  string // what PTRACE_GETEVENTMSG gives
	Sentence string
}

// Events are all PTRACE_EVENT stops, by number. Which of the first three a new task
// makes is decided by its flags, and not by the name of the system call:
// kernel_clone() of kernel/fork.c. With CLONE_UNTRACED it makes none.
var Events = []Event{
	{1, "PTRACE_EVENT_FORK", "the new process's id",
		"The tracee has made a process that sends SIGCHLD at its end: by fork, or by clone, as glibc's fork does. It is traced too. The call has not returned yet."},
	{2, "PTRACE_EVENT_VFORK", "the new process's id",
		"The tracee has made a process with CLONE_VFORK: by vfork, or by clone, as posix_spawn does. It is traced too. The tracee will wait until its child execs or exits."},
	{3, "PTRACE_EVENT_CLONE", "the new thread's id",
		"The tracee has made a thread, or a process that does not send SIGCHLD at its end, and without CLONE_VFORK. It is traced too."},
	{4, "PTRACE_EVENT_EXEC", "the thread's id before execve",
		"The new program is loaded, and execve has not returned yet: rax still holds -38, ENOSYS."},
	{5, "PTRACE_EVENT_VFORK_DONE", "the new process's id",
		"The child of a call with CLONE_VFORK has called execve or ended, so the parent goes on."},
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
