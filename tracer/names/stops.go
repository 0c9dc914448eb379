package names

// Stop is one of the states that wait4 reports, by the name that ptrace(2)
// gives it.
type Stop struct {
	Name     string // "signal-delivery-stop"
	Status   string // how the wait status shows it
	Next     string // what a tracer does next
	Sentence string
}

const (
	// restart is what most stops ask for.
	restart = "restart with any restarting request and signal 0"
	// newcomer is the first stop of a task that an option has made a tracee. wait4
	// may report it before the event of its parent.
	newcomer = "the new one stops too, before its first instruction, with 0x80057f if seized and with 0x137f if not; its stop can be reported before this one"
)

// Stops are all stops and ends of a tracee, in the order of ptrace(2).
var Stops = []Stop{
	{"signal-delivery-stop", "0x7f, and the signal in bits 15 to 8: 0x057f for SIGTRAP",
		"restart with the signal to deliver it, or with 0 to drop it",
		"A signal has come for the tracee and is not delivered yet. The tracer decides whether it will be."},
	{"group-stop", "0x80137f for SIGSTOP if seized; else 0x137f, the same as its signal-delivery-stop",
		"PTRACE_LISTEN if seized; else restart, which ends the stop for this thread",
		"A stop signal was delivered and the whole process stands still until SIGCONT."},
	{"syscall-enter-stop", "0x857f with PTRACE_O_TRACESYSGOOD, else 0x057f",
		"PTRACE_SYSCALL leads to its exit",
		"The tracee is about to run a system call. The number is in orig_rax, and it and the arguments can still be changed."},
	{"syscall-exit-stop", "0x857f with PTRACE_O_TRACESYSGOOD, else 0x057f: the same as at the entry",
		"PTRACE_SYSCALL leads to the next entry",
		"The system call is done. Its result is in rax; from -4095 to -1 it is a negated errno, or a restart code."},
	{"PTRACE_EVENT_FORK stop", "0x1057f", restart + "; " + newcomer,
		"The tracee has made a process. PTRACE_GETEVENTMSG gives its id."},
	{"PTRACE_EVENT_VFORK stop", "0x2057f", restart + ", before the child or after it; " + newcomer,
		"The tracee has made a process with CLONE_VFORK, and will wait in the kernel until it execs or exits."},
	{"PTRACE_EVENT_CLONE stop", "0x3057f", restart + "; " + newcomer,
		"The tracee has made a thread, or a process that sends another signal than SIGCHLD. PTRACE_GETEVENTMSG gives its id."},
	{"PTRACE_EVENT_EXEC stop", "0x4057f", restart,
		"The new program is loaded, inside execve, before its first instruction. Other threads of the process are gone."},
	{"PTRACE_EVENT_VFORK_DONE stop", "0x5057f", restart,
		"The child of a call with CLONE_VFORK has called execve or ended, and the parent goes on."},
	{"PTRACE_EVENT_EXIT stop", "0x6057f", restart + "; the end follows",
		"The tracee is about to end. Registers and memory can be read for the last time."},
	{"PTRACE_EVENT_SECCOMP stop", "0x7057f", restart + "; the system call runs then",
		"A seccomp filter of the tracee sent its system call to the tracer before it runs."},
	{"PTRACE_EVENT_STOP stop", "0x80057f", restart,
		"A seized tracee stopped without a signal: by PTRACE_INTERRUPT, as a new child, or because SIGCONT came."},
	{"PTRACE_SINGLESTEP stop", "0x057f, with si_code 5 of SIGTRAP",
		"restart with signal 0: a signal given here is lost",
		"A handler was set up by a step, and nothing of it is executed yet. No signal is to be delivered."},
	{"exited", "0x00 in bits 7 to 0, the exit status in bits 15 to 8: 0x2a00 for exit(42)",
		"nothing: it is reaped, and every request answers ESRCH",
		"The tracee has ended by exit. There was no stop, and there is nobody left to ask."},
	{"killed", "the signal in bits 6 to 0, bit 7 for a core dump: 0x0009 for SIGKILL, 0x008b for SIGSEGV with core",
		"nothing: it is reaped, and every request answers ESRCH",
		"A signal has ended the tracee. There was no stop at the end, and there is nobody left to ask."},
}

// StopByName finds a stop by the name that ptrace(2) gives it.
func StopByName(name string) (Stop, bool) {
	for _, s := range Stops {
		if s.Name == name {
			return s, true
		}
	}
	return Stop{}, false
}
