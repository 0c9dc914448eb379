package names

import "fmt"

// Signal is one of the standard signals, see signal(7).
type Signal struct {
	Number   int
	Name     string // "SIGTRAP"
	Text     string // as glibc's strsignal(3) spells it in the C locale: "Trace/breakpoint trap"
	Default  string // the default action: "terminate", "core", "stop", "ignore" or "continue"
	Sentence string
}

// Signals are the signals 1 to 31 of Linux on x86, by number.
var Signals = []Signal{
	{1, "SIGHUP", "Hangup", "terminate", "The terminal is gone. Daemons use it to mean: read the configuration again."},
	{2, "SIGINT", "Interrupt", "terminate", "Ctrl-C at the terminal. It goes to the whole foreground process group, tracer and tracee alike."},
	{3, "SIGQUIT", "Quit", "core", "Ctrl-\\ at the terminal: end, and dump core."},
	{4, "SIGILL", "Illegal instruction", "core", "The processor does not know the instruction. rip still points to it."},
	{5, "SIGTRAP", "Trace/breakpoint trap", "core", "The signal of debugging: steps, breakpoints and ptrace events all wear it. si_code tells them apart."},
	{6, "SIGABRT", "Aborted", "core", "abort(3) sends it: the program has found itself broken."},
	{7, "SIGBUS", "Bus error", "core", "The address is mapped, but nothing stands behind it, such as a page beyond the end of its file."},
	{8, "SIGFPE", "Floating point exception", "core", "Arithmetic that has no result, such as an integer divided by zero."},
	{9, "SIGKILL", "Killed", "terminate", "Ends the process at once. It makes no signal-delivery-stop, and no tracer can hold it back."},
	{10, "SIGUSR1", "User defined signal 1", "terminate", "Free for the program's own use. A tracer passes it on by restarting with it."},
	{11, "SIGSEGV", "Segmentation fault", "core", "A memory access that is not allowed. si_addr holds the address, where the kernel knows it. A restart with 0 runs into it again."},
	{12, "SIGUSR2", "User defined signal 2", "terminate", "Free for the program's own use. A tracer passes it on by restarting with it."},
	{13, "SIGPIPE", "Broken pipe", "terminate", "A write to a pipe or socket that nobody reads any more."},
	{14, "SIGALRM", "Alarm clock", "terminate", "The timer of alarm(2) or setitimer(2) ran out."},
	{15, "SIGTERM", "Terminated", "terminate", "A polite request to end, which a program may handle. It is what kill(1) sends."},
	{16, "SIGSTKFLT", "Stack fault", "terminate", "A stack fault of the old coprocessor. The kernel does not send it."},
	{17, "SIGCHLD", "Child exited", "ignore", "A child changed its state. For a tracer it is only a hint: waitpid has the news."},
	{18, "SIGCONT", "Continued", "continue", "Ends a group-stop the moment it is sent, even if it is blocked; its own delivery-stop comes after."},
	{19, "SIGSTOP", "Stopped (signal)", "stop", "Stops the process; it cannot be caught. The tracer sees a signal-delivery-stop first, then the group-stop."},
	{20, "SIGTSTP", "Stopped", "stop", "Ctrl-Z at the terminal. Unlike SIGSTOP it can be caught; delivered, it makes a group-stop."},
	{21, "SIGTTIN", "Stopped (tty input)", "stop", "A background process read from its terminal. Delivered, it makes a group-stop."},
	{22, "SIGTTOU", "Stopped (tty output)", "stop", "A background process wrote to its terminal. Delivered, it makes a group-stop."},
	{23, "SIGURG", "Urgent I/O condition", "ignore", "Urgent data on a socket. The Go runtime sends it to its own threads to preempt them."},
	{24, "SIGXCPU", "CPU time limit exceeded", "core", "The limit on processor time, RLIMIT_CPU, was passed."},
	{25, "SIGXFSZ", "File size limit exceeded", "core", "The limit on file size, RLIMIT_FSIZE, was passed."},
	{26, "SIGVTALRM", "Virtual timer expired", "terminate", "A timer of setitimer(2) that counts the process's own user time ran out."},
	{27, "SIGPROF", "Profiling timer expired", "terminate", "A profiling timer, which counts user and system time, ran out."},
	{28, "SIGWINCH", "Window changed", "ignore", "The terminal window changed its size."},
	{29, "SIGIO", "I/O possible", "terminate", "A file descriptor is ready, for a program that asked with O_ASYNC. SIGPOLL is the same."},
	{30, "SIGPWR", "Power failure", "terminate", "The power is failing."},
	{31, "SIGSYS", "Bad system call", "core", "A system call that is refused: a seccomp filter answered SECCOMP_RET_TRAP, or user dispatch caught it."},
}

// Ends says whether the default action of the signal is to end the process, with a
// core dump or without one.
func (s Signal) Ends() bool { return s.Default == "terminate" || s.Default == "core" }

// The kernel's real-time signals. glibc keeps the first two for itself, so that
// SIGRTMIN is 34 in its programs.
const (
	realTimeMin = 32
	realTimeMax = 64
)

// SignalName is the name of signal n: "SIGTRAP". The real-time signals 32 to 64
// are named with the kernel's own SIGRTMIN, 32: "SIGRTMIN", "SIGRTMIN+3",
// "SIGRTMAX". Any other number is "signal 99".
func SignalName(n int) string {
	switch {
	case 1 <= n && n <= len(Signals):
		return Signals[n-1].Name
	case n == realTimeMin:
		return "SIGRTMIN"
	case n == realTimeMax:
		return "SIGRTMAX"
	case realTimeMin < n && n < realTimeMax:
		return fmt.Sprintf("SIGRTMIN+%d", n-realTimeMin)
	}
	return fmt.Sprintf("signal %d", n)
}
