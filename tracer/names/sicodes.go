package names

import "fmt"

// SICode is one value of si_code, which PTRACE_GETSIGINFO gives and which says
// why a signal was sent.
type SICode struct {
	Signal   int // the signal that it belongs to; 0: any signal
	Code     int
	Name     string // "TRAP_TRACE"
	Sentence string
}

// SICodes are the codes of Linux on x86, by signal and code. Those for any
// signal come first. Where the x86 kernel uses a code in a way that its name
// does not suggest, the sentence says so.
var SICodes = []SICode{
	{0, -60, "SI_ASYNCNL", "Sent by glibc when an asynchronous name lookup is done."},
	{0, -7, "SI_DETHREAD", "Sent by execve to the other threads of the process. Linux defines it and does not use it."},
	{0, -6, "SI_TKILL", "Sent by tkill or tgkill, to one thread: raise(3) and pthread_kill(3) do that."},
	{0, -5, "SI_SIGIO", "Sent for a file descriptor that is ready, through the queue."},
	{0, -4, "SI_ASYNCIO", "Sent when an asynchronous input or output is done."},
	{0, -3, "SI_MESGQ", "Sent when a message has arrived in an empty POSIX message queue."},
	{0, -2, "SI_TIMER", "Sent by a timer of timer_create(2)."},
	{0, -1, "SI_QUEUE", "Sent by sigqueue(3), with a value."},
	{0, 0, "SI_USER", "Sent by kill(2). si_pid says who."},
	{0, 128, "SI_KERNEL", "Sent by the kernel, without a closer reason. So is a signal that a tracer gives with a restart from a syscall-stop."},

	{4, 1, "ILL_ILLOPC", "An illegal opcode."},
	{4, 2, "ILL_ILLOPN", "An illegal operand, by its name. The x86 kernel gives it for every unknown instruction, ud2 too."},
	{4, 3, "ILL_ILLADR", "An illegal addressing mode."},
	{4, 4, "ILL_ILLTRP", "An illegal trap."},
	{4, 5, "ILL_PRVOPC", "A privileged instruction. x86 reports those by SIGSEGV with SI_KERNEL instead."},
	{4, 6, "ILL_PRVREG", "A privileged register."},
	{4, 7, "ILL_COPROC", "A coprocessor error."},
	{4, 8, "ILL_BADSTK", "An internal stack error."},
	{4, 9, "ILL_BADIADDR", "An instruction address that is not implemented."},

	{5, -6, "SI_TKILL", "A SIGTRAP sent by tgkill, as raise(3) does. It is the program's own: pass it on."},
	{5, -1, "SI_QUEUE", "A SIGTRAP sent by sigqueue(3). It is the program's own: pass it on."},
	{5, 0, "SI_USER", "The legacy SIGTRAP after execve, or a kill(2). si_pid is the tracee itself for execve and for its own kill: PTRACE_O_TRACEEXEC tells execve apart."},
	{5, 1, "TRAP_BRKPT", "A breakpoint, by its name. On x86 it is what a step over syscall or int 0x80 says, and icebp."},
	{5, 2, "TRAP_TRACE", "A single-step: one instruction was executed."},
	{5, 3, "TRAP_BRANCH", "A taken branch. The x86 kernel does not use it: every step says TRAP_TRACE."},
	{5, 4, "TRAP_HWBKPT", "A hardware breakpoint or watchpoint: a debug register matched."},
	{5, 5, "TRAP_UNK", "Not an unknown trap here but SIGTRAP itself, from ptrace: a handler's entry under step, or a syscall-stop without SYSGOOD."},
	{5, 6, "TRAP_PERF", "A perf event that was opened with sigtrap."},
	{5, 128, "SI_KERNEL", "An int3, the one-byte breakpoint. rip points behind it."},
	{5, 0x85, "SIGTRAP|0x80", "A syscall-stop, with PTRACE_O_TRACESYSGOOD."},
	{5, 0x105, "SIGTRAP|PTRACE_EVENT_FORK<<8", "The PTRACE_EVENT_FORK stop: no signal was sent."},
	{5, 0x205, "SIGTRAP|PTRACE_EVENT_VFORK<<8", "The PTRACE_EVENT_VFORK stop: no signal was sent."},
	{5, 0x305, "SIGTRAP|PTRACE_EVENT_CLONE<<8", "The PTRACE_EVENT_CLONE stop: no signal was sent."},
	{5, 0x405, "SIGTRAP|PTRACE_EVENT_EXEC<<8", "The PTRACE_EVENT_EXEC stop: no signal was sent."},
	{5, 0x505, "SIGTRAP|PTRACE_EVENT_VFORK_DONE<<8", "The PTRACE_EVENT_VFORK_DONE stop: no signal was sent."},
	{5, 0x605, "SIGTRAP|PTRACE_EVENT_EXIT<<8", "The PTRACE_EVENT_EXIT stop: no signal was sent."},
	{5, 0x705, "SIGTRAP|PTRACE_EVENT_SECCOMP<<8", "The PTRACE_EVENT_SECCOMP stop: no signal was sent."},
	{5, 0x8005, "SIGTRAP|PTRACE_EVENT_STOP<<8", "A seized tracee stopped for PTRACE_INTERRUPT, as a new child, or to tell that SIGCONT came."},

	{7, 1, "BUS_ADRALN", "A misaligned access, in a program that asked the processor to check alignment."},
	{7, 2, "BUS_ADRERR", "Nothing stands behind the address, such as a page beyond the end of its file."},
	{7, 3, "BUS_OBJERR", "A hardware error of the object behind the address."},
	{7, 4, "BUS_MCEERR_AR", "A memory error in data that the program needs now."},
	{7, 5, "BUS_MCEERR_AO", "A memory error that was found early: the program has not used the data yet."},
	{7, 128, "SI_KERNEL", "A stack access with an address that no x86-64 processor can have."},

	{8, 1, "FPE_INTDIV", "An integer divided by zero, or a quotient that does not fit."},
	{8, 2, "FPE_INTOVF", "An integer overflow."},
	{8, 3, "FPE_FLTDIV", "A floating-point number divided by zero."},
	{8, 4, "FPE_FLTOVF", "A floating-point overflow."},
	{8, 5, "FPE_FLTUND", "A floating-point underflow."},
	{8, 6, "FPE_FLTRES", "A floating-point result that is not exact."},
	{8, 7, "FPE_FLTINV", "A floating-point operation that is not valid."},
	{8, 8, "FPE_FLTSUB", "A subscript out of range."},
	{8, 14, "FPE_FLTUNK", "A floating-point exception that was not diagnosed."},
	{8, 15, "FPE_CONDTRAP", "A trap on a condition."},

	{11, 1, "SEGV_MAPERR", "Nothing is mapped at si_addr."},
	{11, 2, "SEGV_ACCERR", "Something is mapped at si_addr, but not for this access: a write to code, for example."},
	{11, 3, "SEGV_BNDERR", "A bound check of the processor failed: MPX, which Linux has dropped in 5.6."},
	{11, 4, "SEGV_PKUERR", "The protection key of the page forbids the access."},
	{11, 5, "SEGV_ACCADI", "Memory tagging of SPARC is not enabled for the address."},
	{11, 6, "SEGV_ADIDERR", "Memory tagging of SPARC found an error, reported late."},
	{11, 7, "SEGV_ADIPERR", "Memory tagging of SPARC found an error, reported at once."},
	{11, 8, "SEGV_MTEAERR", "Memory tagging of arm64 found an error, reported late."},
	{11, 9, "SEGV_MTESERR", "Memory tagging of arm64 found an error, reported at once."},
	{11, 10, "SEGV_CPERR", "The shadow stack does not agree with the return address."},
	{11, 128, "SI_KERNEL", "A general protection fault: a privileged instruction, an address that x86-64 cannot have, a misaligned movaps. si_addr is 0."},

	{17, 1, "CLD_EXITED", "The child exited; si_status is its exit status."},
	{17, 2, "CLD_KILLED", "A signal killed the child; si_status is the signal."},
	{17, 3, "CLD_DUMPED", "A signal killed the child and it dumped core; si_status is the signal."},
	{17, 4, "CLD_TRAPPED", "A tracee stopped: waitpid tells its tracer why."},
	{17, 5, "CLD_STOPPED", "A group-stop: si_status is the signal that stopped the child."},
	{17, 6, "CLD_CONTINUED", "SIGCONT woke the child."},

	{19, 0, "SI_USER", "Sent by kill(2), and si_pid says who; or the first stop of a new child that is traced and not seized: then si_pid is 0."},
	{19, 128, "SI_KERNEL", "The SIGSTOP that PTRACE_ATTACH sends. One that comes from kill(2) says SI_USER."},
	{19, 0x8013, "SIGSTOP|PTRACE_EVENT_STOP<<8", "A seized tracee is in a group-stop by SIGSTOP: answer with PTRACE_LISTEN."},
	{20, 0x8014, "SIGTSTP|PTRACE_EVENT_STOP<<8", "A seized tracee is in a group-stop by SIGTSTP: answer with PTRACE_LISTEN."},
	{21, 0x8015, "SIGTTIN|PTRACE_EVENT_STOP<<8", "A seized tracee is in a group-stop by SIGTTIN: answer with PTRACE_LISTEN."},
	{22, 0x8016, "SIGTTOU|PTRACE_EVENT_STOP<<8", "A seized tracee is in a group-stop by SIGTTOU: answer with PTRACE_LISTEN."},

	{29, 1, "POLL_IN", "There is data to read."},
	{29, 2, "POLL_OUT", "There is room to write."},
	{29, 3, "POLL_MSG", "There is a message to read."},
	{29, 4, "POLL_ERR", "An input or output error."},
	{29, 5, "POLL_PRI", "There is urgent data to read."},
	{29, 6, "POLL_HUP", "The other end has hung up."},

	{31, 1, "SYS_SECCOMP", "A seccomp filter answered SECCOMP_RET_TRAP; si_syscall is the system call, which did not run."},
	{31, 2, "SYS_USER_DISPATCH", "User dispatch gave the system call back to the program; it did not run."},
}

// FindSICode finds what code means together with signal sig: what belongs to
// that signal comes before what any signal may have.
func FindSICode(sig, code int) (SICode, bool) {
	for _, signal := range []int{sig, 0} {
		for _, c := range SICodes {
			if c.Signal == signal && c.Code == code {
				return c, true
			}
		}
	}
	return SICode{}, false
}

// SICodeName is the name of code together with signal sig: "TRAP_TRACE" for
// SIGTRAP and 2, "SI_USER" for 0. It is "si_code 99" for one that is not known.
func SICodeName(sig, code int) string {
	if c, ok := FindSICode(sig, code); ok {
		return c.Name
	}
	return fmt.Sprintf("si_code %d", code)
}
