package names

import (
	"slices"
	"strconv"
	"strings"
)

// Macro is a name of the C headers that is no request, option, signal or errno, and
// that a tracer's code and pages use beside those.
type Macro struct {
	Name     string // "WNOHANG"
	Value    int64  // of a constant; 0 for a macro with an argument
	Of       string // a macro with an argument: what that is, "status"; "" for a constant
	Header   string // where C has it from, "<sys/wait.h>"
	Sentence string
}

const (
	sysWait  = "<sys/wait.h>"
	schedH   = "<sched.h>"
	sysPrctl = "<sys/prctl.h>"
	signalH  = "<signal.h>"
	seccompH = "<linux/seccomp.h>"
	elfH     = "<elf.h>"
	ptraceH  = "<linux/ptrace.h>"
	capsH    = "<linux/capability.h>"
	resource = "<sys/resource.h>"
	archH    = "<asm/prctl.h>"
)

// Macros are all of them: those that ptrace's own pages use, and then those of other
// subjects.
var Macros = slices.Concat(ofTracers, readConstants())

// ofTracers are by subject: wait status, wait, clone, prctl, signals, seccomp, register
// sets, and the rest.
var ofTracers = []Macro{
	{"WIFEXITED", 0, "status", sysWait, "True if the child has ended by exit. Then WEXITSTATUS is its exit status."},
	{"WEXITSTATUS", 0, "status", sysWait, "The exit status, 0 to 255: bits 15 to 8 of the wait status. Only if WIFEXITED is true."},
	{"WIFSIGNALED", 0, "status", sysWait, "True if a signal has killed the child. Then WTERMSIG is the signal."},
	{"WTERMSIG", 0, "status", sysWait, "The signal that has killed the child: bits 6 to 0 of the wait status. Only if WIFSIGNALED is true."},
	{"WCOREDUMP", 0, "status", sysWait, "True if the child has dumped core: bit 7 of the wait status. Only if WIFSIGNALED is true."},
	{"WIFSTOPPED", 0, "status", sysWait, "True if the child is stopped: the lower 8 bits of the wait status are 0x7f. For a tracer every ptrace-stop is one."},
	{"WSTOPSIG", 0, "status", sysWait, "The signal of a stop: bits 15 to 8 of the wait status, with 0x80 in it at a syscall-stop that PTRACE_O_TRACESYSGOOD marks. The event is status>>16."},
	{"WIFCONTINUED", 0, "status", sysWait, "True if SIGCONT has woken the child: the status is 0xffff. Only a wait with WCONTINUED reports it."},

	{"WNOHANG", 1, "", sysWait, "wait does not wait: it returns 0 if nothing has happened."},
	{"WUNTRACED", 2, "", sysWait, "wait reports children too that a signal has stopped and that are not traced. The stops of tracees it reports in any case."},
	{"WSTOPPED", 2, "", sysWait, "The name that waitid(2) has for WUNTRACED."},
	{"WEXITED", 4, "", sysWait, "waitid(2) reports children that have ended. wait4 does so always."},
	{"WCONTINUED", 8, "", sysWait, "wait reports children that SIGCONT has woken."},
	{"WNOWAIT", 0x1000000, "", sysWait, "waitid(2) tells of the child and leaves it as it is: a zombie is not reaped."},
	{"__WNOTHREAD", 0x20000000, "", "<linux/wait.h>", "wait reports only children and tracees of the thread that asks, and not those of other threads of its process."},
	{"__WALL", 0x40000000, "", "<linux/wait.h>", "wait reports children of every kind: those too whose end sends another signal than SIGCHLD, such as threads."},
	{"__WCLONE", 0x80000000, "", "<linux/wait.h>", "wait reports only children whose end sends no signal or another one than SIGCHLD. __WALL has both kinds."},
	{"P_ALL", 0, "", "<linux/wait.h>", "waitid(2) waits for any child."},
	{"P_PID", 1, "", "<linux/wait.h>", "waitid(2) waits for the child with the number that follows."},

	{"CLONE_VM", 0x100, "", schedH, "The new task shares its parent's memory. What it writes, both see; a breakpoint too."},
	{"CLONE_PTRACE", 0x2000, "", schedH, "The new task is traced if its parent is, and the parent makes no event."},
	{"CLONE_VFORK", 0x4000, "", schedH, "The parent waits until the child calls execve or ends. A tracer sees PTRACE_EVENT_VFORK."},
	{"CLONE_THREAD", 0x10000, "", schedH, "The new task is a thread of the same process."},
	{"CLONE_UNTRACED", 0x800000, "", schedH, "The options of the parent's tracer do not reach the new task: it makes no event, and runs untraced."},

	{"PR_SET_PDEATHSIG", 1, "", sysPrctl, "prctl(2): the kernel sends the caller this signal when its parent's thread ends."},
	{"PR_SET_DUMPABLE", 4, "", sysPrctl, "prctl(2): with 0 the process dumps no core, and only CAP_SYS_PTRACE may attach to it."},
	{"PR_SET_CHILD_SUBREAPER", 36, "", sysPrctl, "prctl(2): orphans among the caller's descendants become its children, and not those of process 1."},
	{"PR_SET_NO_NEW_PRIVS", 38, "", sysPrctl, "prctl(2): execve gives no privileges any more, such as those of set-user-ID programs. A seccomp filter of an ordinary user needs it."},
	{"PR_SET_PTRACER", 0x59616d61, "", sysPrctl, "prctl(2): names a process that may attach to the caller, where Yama's ptrace_scope is 1."},
	{"PR_SET_PTRACER_ANY", -1, "", "<linux/prctl.h>", "For PR_SET_PTRACER: any process may attach that the other rules allow it."},

	{"SIG_DFL", 0, "", signalH, "sigaction(2): the signal's default action. execve sets signals that have a handler back to it."},
	{"SIG_IGN", 1, "", signalH, "sigaction(2): the signal is ignored. A tracer sees its signal-delivery-stop all the same."},
	{"SIG_BLOCK", 0, "", signalH, "sigprocmask(2): adds signals to those that are blocked."},
	{"SIG_UNBLOCK", 1, "", signalH, "sigprocmask(2): takes signals from those that are blocked."},
	{"SA_RESTART", 0x10000000, "", signalH, "sigaction(2): a system call that the handler interrupts is made again, if it is one of those that can be. signal(7) has the list."},
	{"SA_NOCLDSTOP", 1, "", signalH, "sigaction(2): a stop of a child sends no SIGCHLD. wait reports the stop as before."},
	{"O_ASYNC", 0x2000, "", "<fcntl.h>", "fcntl(2): a file descriptor that sends SIGIO when it is ready."},

	{"SECCOMP_RET_TRACE", 0x7ff00000, "", seccompH, "A seccomp filter asks the tracer: PTRACE_EVENT_SECCOMP. Without a tracer that has the option the call fails with ENOSYS."},
	{"SECCOMP_RET_TRAP", 0x30000, "", seccompH, "A seccomp filter answers the call by SIGSYS, with si_code SYS_SECCOMP."},
	{"SECCOMP_RET_DATA", 0xffff, "", seccompH, "The bits of a seccomp filter's answer that are its own: PTRACE_GETEVENTMSG gives them at PTRACE_EVENT_SECCOMP."},

	{"NT_PRSTATUS", 1, "", elfH, "The set of general registers, for PTRACE_GETREGSET."},
	{"NT_PRFPREG", 2, "", elfH, "The set of x87 and SSE registers, for PTRACE_GETREGSET."},
	{"NT_FPREGSET", 2, "", elfH, "NT_PRFPREG by its other name."},
	{"NT_X86_XSTATE", 0x202, "", elfH, "The set of all registers that the processor's xsave stores, AVX included, for PTRACE_GETREGSET."},
	{"PT_INTERP", 3, "", elfH, "The entry of an ELF file that names its dynamic loader. Without it a program is static."},

	{"PTRACE_SYSCALL_INFO_NONE", 0, "", ptraceH, "PTRACE_GET_SYSCALL_INFO: this is no syscall-stop."},
	{"PTRACE_SYSCALL_INFO_ENTRY", 1, "", ptraceH, "PTRACE_GET_SYSCALL_INFO: this is a syscall-enter-stop, and number and arguments follow."},
	{"PTRACE_SYSCALL_INFO_EXIT", 2, "", ptraceH, "PTRACE_GET_SYSCALL_INFO: this is a syscall-exit-stop, and the result follows."},
	{"PTRACE_SYSCALL_INFO_SECCOMP", 3, "", ptraceH, "PTRACE_GET_SYSCALL_INFO: this is a PTRACE_EVENT_SECCOMP stop, and number, arguments and the filter's data follow."},
	{"PTRACE_EVENTMSG_SYSCALL_ENTRY", 1, "", ptraceH, "What PTRACE_GETEVENTMSG gives at a syscall-enter-stop."},
	{"PTRACE_EVENTMSG_SYSCALL_EXIT", 2, "", ptraceH, "What PTRACE_GETEVENTMSG gives at a syscall-exit-stop."},

	{"CAP_SYS_PTRACE", 19, "", capsH, "The capability to trace processes in spite of their ids and of what they hold, in one's own user namespace and those below."},
	{"CAP_SYS_ADMIN", 21, "", capsH, "The capability for many kinds of administration. PTRACE_O_SUSPEND_SECCOMP and reading seccomp filters ask for it."},
	{"ADDR_NO_RANDOMIZE", 0x40000, "", "<sys/personality.h>", "personality(2): the programs that the caller starts are placed at the same addresses each time. setarch -R sets it."},
	{"ARCH_SET_GS", 0x1001, "", archH, "arch_prctl(2): sets gs_base."},
	{"ARCH_SET_FS", 0x1002, "", archH, "arch_prctl(2): sets fs_base, where the thread's own storage is."},
	{"ARCH_GET_FS", 0x1003, "", archH, "arch_prctl(2): reads fs_base."},
	{"ARCH_GET_GS", 0x1004, "", archH, "arch_prctl(2): reads gs_base."},
	{"RLIMIT_CPU", 0, "", resource, "setrlimit(2): the processor time that a process may use. SIGXCPU tells that it is passed."},
	{"RLIMIT_FSIZE", 1, "", resource, "setrlimit(2): how large a file may become. SIGXFSZ tells that it is passed."},
}

// MacroByWord finds a macro: "WNOHANG", "wnohang", and by its number, if that is
// above those that mean many things: "0x40000000".
func MacroByWord(word string) (Macro, bool) {
	n, err := strconv.ParseInt(word, 0, 64)
	for _, m := range Macros {
		if strings.EqualFold(m.Name, word) || err == nil && m.Value == n && n > 0xff {
			return m, true
		}
	}
	return numberedConstant(word)
}

// MacroOf is the name of the constant with this value whose name begins so, "NT_", or
// "" for none.
func MacroOf(prefix string, value uint64) string {
	for _, m := range Macros {
		if uint64(m.Value) == value && strings.HasPrefix(m.Name, prefix) {
			return m.Name
		}
	}
	return ""
}
