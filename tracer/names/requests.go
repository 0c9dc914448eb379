package names

import (
	"fmt"
	"strings"
)

// Request is one request of ptrace(2), with the meaning of its arguments.
type Request struct {
	Number   uint64 // the first argument of ptrace(2)
	Name     string // as in ptrace(2): "PTRACE_PEEKUSER"
	Addr     string // what addr means; "" if the kernel ignores it
	Data     string // what data means; "" if the kernel ignores it
	State    string // in which state of the tracee it may be asked
	Sentence string // what it does
}

// States of the tracee in which a request may be asked.
const (
	stopped  = "any ptrace-stop"
	running  = "running or stopped"
	untraced = "not traced yet"
)

// signalData is what the last argument of a restart means. Only at a
// signal-delivery-stop is a signal waiting: see ptrace(2), "Signal injection and
// suppression".
const signalData = "a signal or 0: delivered at a signal-delivery-stop, sent anew at a syscall-stop, else ignored"

// Requests are all requests of ptrace(2) on Linux x86-64, by number.
var Requests = []Request{
	{0, "PTRACE_TRACEME", "", "", "the caller itself, " + untraced,
		"The child asks to be traced by its parent. Nothing stops yet: the next execve, or a signal, makes the first stop."},
	{1, "PTRACE_PEEKTEXT", "address in the tracee", "where the word is stored (raw system call)", stopped,
		"Reads one word of the tracee's memory. On Linux it is the same as PTRACE_PEEKDATA."},
	{2, "PTRACE_PEEKDATA", "address in the tracee", "where the word is stored (raw system call)", stopped,
		"Reads one word of the tracee's memory. glibc returns the word, so -1 is an error only if errno says so."},
	{3, "PTRACE_PEEKUSER", "offset in struct user, a multiple of 8", "where the word is stored (raw system call)", stopped,
		"Reads one word of the tracee's USER area: its saved registers and the debug registers."},
	{4, "PTRACE_POKETEXT", "address in the tracee", "the word to write", stopped,
		"Writes one word to the tracee's memory, read-only code too. On Linux it is the same as PTRACE_POKEDATA."},
	{5, "PTRACE_POKEDATA", "address in the tracee", "the word to write", stopped,
		"Writes one word to the tracee's memory. Private read-only pages are copied and written, so code can be changed."},
	{6, "PTRACE_POKEUSER", "offset in struct user, a multiple of 8", "the word to write", stopped,
		"Writes one word of the tracee's USER area: a saved register or a debug register."},
	{7, "PTRACE_CONT", "", signalData, stopped,
		"Restarts the tracee. It runs until the next signal, event or end."},
	{8, "PTRACE_KILL", "", "", running,
		"Sends SIGKILL since Linux 5.19. Before that it restarted a stopped tracee with SIGKILL, and did nothing to a running one. kill(2) works always."},
	{9, "PTRACE_SINGLESTEP", "", signalData, stopped,
		"Restarts the tracee with the trap flag set: it stops again after one machine instruction."},
	{12, "PTRACE_GETREGS", "", "struct user_regs_struct, to be filled", stopped,
		"Reads all 27 general registers at once, in the layout of the tracer's own architecture."},
	{13, "PTRACE_SETREGS", "", "struct user_regs_struct, to be read", stopped,
		"Writes all 27 general registers at once. A write to orig_rax changes the system call at an enter-stop."},
	{14, "PTRACE_GETFPREGS", "", "struct user_fpregs_struct, to be filled", stopped,
		"Reads the x87 and SSE registers at once, 512 bytes on x86-64."},
	{15, "PTRACE_SETFPREGS", "", "struct user_fpregs_struct, to be read", stopped,
		"Writes the x87 and SSE registers at once."},
	{16, "PTRACE_ATTACH", "", "", untraced,
		"Attaches to a running thread and sends it SIGSTOP. It returns at once: wait for the stop."},
	{17, "PTRACE_DETACH", "", signalData, stopped,
		"Ends tracing and restarts the tracee. Armed debug registers and planted breakpoints stay behind."},
	{18, "PTRACE_GETFPXREGS", "", "struct user_fpxregs_struct, to be filled", stopped,
		"Reads the SSE registers for a 32-bit tracer. A 64-bit tracer uses PTRACE_GETFPREGS, which holds them."},
	{19, "PTRACE_SETFPXREGS", "", "struct user_fpxregs_struct, to be read", stopped,
		"Writes the SSE registers for a 32-bit tracer. A 64-bit tracer uses PTRACE_SETFPREGS."},
	{21, "PTRACE_OLDSETOPTIONS", "", "PTRACE_O_ bits", stopped,
		"The old number of PTRACE_SETOPTIONS, kept for old programs. It does the same."},
	{24, "PTRACE_SYSCALL", "", signalData, stopped,
		"Restarts the tracee. It stops at the next entry to a system call, or at the exit from the one it is in."},
	{25, "PTRACE_GET_THREAD_AREA", "index of the GDT entry", "struct user_desc, to be filled", stopped,
		"Reads one thread-local storage entry of the tracee's descriptor table, as 32-bit programs use them."},
	{26, "PTRACE_SET_THREAD_AREA", "index of the GDT entry", "struct user_desc, to be read", stopped,
		"Writes one thread-local storage entry of the tracee's descriptor table."},
	{30, "PTRACE_ARCH_PRCTL", "the address, or where to store it", "the code: ARCH_SET_FS, ARCH_GET_FS, ...", stopped,
		"Does arch_prctl(2) for the tracee, with the two arguments in the other order."},
	{31, "PTRACE_SYSEMU", "", signalData, stopped,
		"Restarts the tracee. It stops before the next system call, which is then not executed: the tracer emulates it."},
	{32, "PTRACE_SYSEMU_SINGLESTEP", "", signalData, stopped,
		"Steps one instruction like PTRACE_SINGLESTEP, but stops before a system call, which is then not executed."},
	{33, "PTRACE_SINGLEBLOCK", "", signalData, stopped,
		"Restarts the tracee until the next taken branch. A processor without the branch-trace flag makes it one step, silently."},
	{0x4200, "PTRACE_SETOPTIONS", "", "PTRACE_O_ bits, all that shall be set", stopped,
		"Sets the options of this tracee, all at once: a bit that is missing is cleared."},
	{0x4201, "PTRACE_GETEVENTMSG", "", "unsigned long, to be filled", stopped,
		"Reads the message of the stop: a new thread's id, an exit status; at a syscall-stop 1 for the entry, 2 for the exit."},
	{0x4202, "PTRACE_GETSIGINFO", "", "siginfo_t, to be filled", stopped,
		"Reads why the tracee stopped. In a group-stop without SEIZE it fails with EINVAL, which tells the two apart."},
	{0x4203, "PTRACE_SETSIGINFO", "", "siginfo_t, to be read", stopped,
		"Replaces the siginfo of the signal that is about to be delivered."},
	{0x4204, "PTRACE_GETREGSET", "the kind: NT_PRSTATUS, NT_FPREGSET, ...", "struct iovec; its length is set to what was filled", stopped,
		"Reads one set of registers in the tracee's own layout: 216 bytes of a 64-bit program, 68 of a 32-bit one."},
	{0x4205, "PTRACE_SETREGSET", "the kind: NT_PRSTATUS, NT_FPREGSET, ...", "struct iovec; its length is set to what was read", stopped,
		"Writes one set of registers, in the tracee's own layout."},
	{0x4206, "PTRACE_SEIZE", "must be 0", "PTRACE_O_ bits", untraced,
		"Attaches to a running thread without stopping it, and sets its options in the same moment."},
	{0x4207, "PTRACE_INTERRUPT", "", "", "seized; " + running,
		"Stops a seized tracee without a signal. If it runs, wait4 reports PTRACE_EVENT_STOP."},
	{0x4208, "PTRACE_LISTEN", "", "", "seized, in a PTRACE_EVENT_STOP stop",
		"Leaves a seized tracee in its group-stop and goes on listening: SIGCONT or INTERRUPT makes the next stop."},
	{0x4209, "PTRACE_PEEKSIGINFO", "struct ptrace_peeksiginfo_args: offset, flags, number", "array of siginfo_t, to be filled", stopped,
		"Copies the siginfo of pending signals without taking them from the queue. It returns how many."},
	{0x420a, "PTRACE_GETSIGMASK", "size of the mask, 8", "the mask, to be filled", stopped,
		"Reads the set of signals that the tracee blocks, one bit a signal."},
	{0x420b, "PTRACE_SETSIGMASK", "size of the mask, 8", "the mask, to be read", stopped,
		"Replaces the set of signals that the tracee blocks. SIGKILL and SIGSTOP stay unblocked."},
	{0x420c, "PTRACE_SECCOMP_GET_FILTER", "index of the filter, 0 for the newest", "array of struct sock_filter, or NULL", stopped,
		"Reads one of the tracee's seccomp filters. It returns the number of its instructions."},
	{0x420d, "PTRACE_SECCOMP_GET_METADATA", "size of the structure", "struct seccomp_metadata", stopped,
		"Reads the flags of one of the tracee's seccomp filters."},
	{0x420e, "PTRACE_GET_SYSCALL_INFO", "size of the buffer", "struct ptrace_syscall_info, to be filled", stopped,
		"Tells whether the stop is a syscall entry or exit, with number, arguments or result, and the architecture."},
	{0x420f, "PTRACE_GET_RSEQ_CONFIGURATION", "size of the structure", "struct ptrace_rseq_configuration, to be filled", stopped,
		"Reads where the tracee registered its restartable sequences area. It returns the size of the structure."},
	{0x4210, "PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG", "size of the structure", "struct ptrace_sud_config, to be read", stopped,
		"Sets how the tracee's own system calls are dispatched back to it by SIGSYS."},
	{0x4211, "PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG", "size of the structure", "struct ptrace_sud_config, to be filled", stopped,
		"Reads how the tracee's own system calls are dispatched back to it by SIGSYS."},
	{0x4212, "PTRACE_SET_SYSCALL_INFO", "size of the structure", "struct ptrace_syscall_info, to be read", "a syscall-stop or a PTRACE_EVENT_SECCOMP stop",
		"Changes the system call or its result: what PTRACE_GET_SYSCALL_INFO reads can be written back, edited."},
}

// RequestName is the name of request n, "PTRACE_PEEKUSER", or "PTRACE_0x99" for
// a number that ptrace(2) does not know.
func RequestName(n uint64) string {
	for _, r := range Requests {
		if r.Number == n {
			return r.Name
		}
	}
	return fmt.Sprintf("PTRACE_0x%x", n)
}

// RequestByName finds a request by its name, with or without PTRACE_, in upper
// or lower case. The kernel's PEEKUSR and POKEUSR are understood too.
func RequestByName(s string) (Request, bool) {
	name := strings.ToUpper(s)
	if !strings.HasPrefix(name, "PTRACE_") {
		name = "PTRACE_" + name
	}
	name = known(name)
	for _, r := range Requests {
		if r.Name == name {
			return r, true
		}
	}
	return Request{}, false
}
