package names

import (
	"fmt"
	"strings"
)

// Option is one bit for PTRACE_SETOPTIONS, or for the data of PTRACE_SEIZE.
type Option struct {
	Bit            uint64
	Name, Sentence string
}

// Options are all PTRACE_O_ bits, by bit.
var Options = []Option{
	{1 << 0, "PTRACE_O_TRACESYSGOOD",
		"Marks syscall-stops: the stop signal is SIGTRAP|0x80, so that no other SIGTRAP looks like one."},
	{1 << 1, "PTRACE_O_TRACEFORK",
		"Stops with PTRACE_EVENT_FORK where a process is made that sends SIGCHLD at its end, as by fork(2), and traces it too."},
	{1 << 2, "PTRACE_O_TRACEVFORK",
		"Stops with PTRACE_EVENT_VFORK where a process is made with CLONE_VFORK, as by vfork(2) and posix_spawn(3), and traces it too."},
	{1 << 3, "PTRACE_O_TRACECLONE",
		"Stops with PTRACE_EVENT_CLONE where a thread is made, or a process that does not send SIGCHLD, and traces it too."},
	{1 << 4, "PTRACE_O_TRACEEXEC",
		"Stops inside execve(2) with PTRACE_EVENT_EXEC, in place of the legacy SIGTRAP after it."},
	{1 << 5, "PTRACE_O_TRACEVFORKDONE",
		"Stops with PTRACE_EVENT_VFORK_DONE when the child of a call with CLONE_VFORK has released its parent."},
	{1 << 6, "PTRACE_O_TRACEEXIT",
		"Stops with PTRACE_EVENT_EXIT while the tracee exits: its registers can still be read."},
	{1 << 7, "PTRACE_O_TRACESECCOMP",
		"Stops with PTRACE_EVENT_SECCOMP when a seccomp filter of the tracee answers SECCOMP_RET_TRACE."},
	{1 << 20, "PTRACE_O_EXITKILL",
		"Kills the tracee by SIGKILL when its tracer ends. It belongs on processes that we started, never on attached ones."},
	{1 << 21, "PTRACE_O_SUSPEND_SECCOMP",
		"Suspends the tracee's seccomp protection. It needs CAP_SYS_ADMIN and serves checkpoint and restore."},
}

// OptionString spells a set of options as C does,
// "PTRACE_O_TRACESYSGOOD|PTRACE_O_EXITKILL". Unknown bits come last, in
// hexadecimal; no bit at all is "0".
func OptionString(bits uint64) string {
	if bits == 0 {
		return "0"
	}
	var parts []string
	for _, o := range Options {
		if bits&o.Bit != 0 {
			parts = append(parts, o.Name)
			bits &^= o.Bit
		}
	}
	if bits != 0 {
		parts = append(parts, fmt.Sprintf("0x%x", bits))
	}
	return strings.Join(parts, "|")
}
