package names

// Refusal is what one errno means for one request.
type Refusal struct {
	Request  string // "PTRACE_ATTACH", or another call that a tracer makes: "wait4"
	Errno    int
	Sentence string
}

// The errnos of the table, as on every Linux architecture.
const (
	eperm       = 1
	enoent      = 2
	esrch       = 3
	eintr       = 4
	eio         = 5
	enoexec     = 8
	echild      = 10
	eagain      = 11
	eacces      = 13
	efault      = 14
	enodev      = 19
	einval      = 22
	enospc      = 28
	erange      = 34
	enosys      = 38
	emediumtype = 124
)

const (
	badAddress = "The address is not mapped in the tracee, or ptrace may not reach it. A part of the word is enough."
	badPoke    = "The address is not mapped, or it is a shared mapping that may only be read."
	badOffset  = "The offset is not a multiple of 8, or lies outside struct user."
	badSignal  = "data is not a signal number: 0 to 64 is possible."
	mayNot     = "It has a tracer, other ids or more capabilities, or is not dumpable; it is ourselves, a zombie or a kernel thread; or Yama, another module or a seccomp filter refuses."
	mayNotRead = "It has other ids or more capabilities, or is not dumpable; or Yama, another module or a seccomp filter refuses. Ourselves and a process that has a tracer are allowed."
	noMemory   = "There is no such process, or it has no memory of its own: a zombie, or a thread of the kernel."
	noThread   = "There is no thread with that id, or it is not visible in our pid namespace."
	only32     = "Only a 32-bit tracer may ask that. PTRACE_GETFPREGS has the SSE registers on x86-64."
	groupStop  = "This is a group-stop: no signal is being delivered, so there is no siginfo."
	negative   = "The index is negative."
	noSet      = "This tracee has no set of registers of that kind, or the length is not a whole number of registers."
	unknownBit = "A bit that this kernel does not know as an option."
	noSuspend  = "PTRACE_O_SUSPEND_SECCOMP needs CAP_SYS_ADMIN, and a tracer that has no seccomp filter itself. Or a seccomp filter refuses ptrace."
	maskSize   = "addr is not the size of the kernel's mask, 8."
	noFilter   = "The tracee has no filter with that index."
	anyFilter  = "The tracee has no seccomp filter."
	needsAdmin = "It needs CAP_SYS_ADMIN, and a tracer that has no seccomp filter itself."
	since6_4   = "The kernel is older than 6.4 and does not know this request."
)

// Refusals are what particular requests mean by an errno, in the order
// of Requests; other system calls come last.
var Refusals = []Refusal{
	{"PTRACE_TRACEME", eperm, "We have a tracer already; or our parent may not trace us: it lacks a capability that we have, or Yama's ptrace_scope is 2 or 3; or a seccomp filter refuses ptrace."},
	{"PTRACE_PEEKTEXT", eio, badAddress},
	{"PTRACE_PEEKDATA", eio, badAddress},
	{"PTRACE_PEEKUSER", eio, badOffset},
	{"PTRACE_POKETEXT", eio, badPoke},
	{"PTRACE_POKEDATA", eio, badPoke},
	{"PTRACE_POKEUSER", eio, "The offset is bad, or the word cannot be written: only registers and u_debugreg can, with values that user code may have."},
	{"PTRACE_POKEUSER", einval, "The processor cannot watch that: a kernel address, or one that is not aligned to its length."},
	{"PTRACE_POKEUSER", enospc, "The debug registers are in use, by perf for example."},
	{"PTRACE_CONT", eio, badSignal},
	{"PTRACE_KILL", esrch, "Not a tracee of this thread, or gone."},
	{"PTRACE_SINGLESTEP", eio, badSignal},
	{"PTRACE_GETREGS", eio, "This architecture has no PTRACE_GETREGS, as arm64, or an emulator does not offer it. Use PTRACE_GETREGSET."},
	{"PTRACE_SETREGS", eio, "A segment or a base address that user code may not have."},
	{"PTRACE_SETFPREGS", einval, "A bit of mxcsr that the processor does not have."},
	{"PTRACE_ATTACH", eperm, mayNot},
	{"PTRACE_ATTACH", esrch, noThread},
	{"PTRACE_DETACH", esrch, "Only a stopped tracee can be detached. Stop it, wait for the stop, then detach."},
	{"PTRACE_DETACH", eio, badSignal},
	{"PTRACE_GETFPXREGS", eio, only32},
	{"PTRACE_SETFPXREGS", eio, only32},
	{"PTRACE_OLDSETOPTIONS", eperm, noSuspend},
	{"PTRACE_OLDSETOPTIONS", einval, unknownBit},
	{"PTRACE_SYSCALL", eio, badSignal},
	{"PTRACE_GET_THREAD_AREA", eio, negative},
	{"PTRACE_GET_THREAD_AREA", einval, "The index is none of a TLS entry."},
	{"PTRACE_SET_THREAD_AREA", eio, negative},
	{"PTRACE_SET_THREAD_AREA", einval, "The index is none of a TLS entry, or the descriptor is not a valid one."},
	{"PTRACE_ARCH_PRCTL", eperm, "The address is outside of user space. Or a seccomp filter refuses ptrace."},
	{"PTRACE_ARCH_PRCTL", einval, "data is no code of arch_prctl(2)."},
	{"PTRACE_SYSEMU", eio, badSignal},
	{"PTRACE_SYSEMU_SINGLESTEP", eio, badSignal},
	{"PTRACE_SINGLEBLOCK", eio, "This kernel cannot step by blocks, or data is not a signal number."},
	{"PTRACE_SETOPTIONS", eperm, noSuspend},
	{"PTRACE_SETOPTIONS", einval, unknownBit},
	{"PTRACE_GETSIGINFO", einval, groupStop},
	{"PTRACE_SETSIGINFO", einval, groupStop},
	{"PTRACE_GETREGSET", enodev, "This processor or this tracee does not have that set of registers."},
	{"PTRACE_GETREGSET", einval, noSet},
	{"PTRACE_SETREGSET", eio, "A value that user code may not have in that register."},
	{"PTRACE_SETREGSET", enodev, "This processor or this tracee does not have that set of registers."},
	{"PTRACE_SETREGSET", einval, noSet},
	{"PTRACE_SEIZE", eperm, mayNot},
	{"PTRACE_SEIZE", esrch, noThread},
	{"PTRACE_SEIZE", eio, "addr is not 0, or data has a bit that this kernel does not know as an option."},
	{"PTRACE_INTERRUPT", esrch, "Not a tracee of this thread, or gone. A running tracee is fine for this request."},
	{"PTRACE_INTERRUPT", eio, "The tracee was attached or asked to be traced. Only a seized one can be interrupted."},
	{"PTRACE_LISTEN", eio, "The tracee is not seized, or its last stop was not a PTRACE_EVENT_STOP stop."},
	{"PTRACE_PEEKSIGINFO", einval, "An unknown flag, or a negative number."},
	{"PTRACE_GETSIGMASK", einval, maskSize},
	{"PTRACE_SETSIGMASK", einval, maskSize},
	{"PTRACE_SECCOMP_GET_FILTER", enoent, noFilter},
	{"PTRACE_SECCOMP_GET_FILTER", eacces, needsAdmin},
	{"PTRACE_SECCOMP_GET_FILTER", einval, anyFilter},
	{"PTRACE_SECCOMP_GET_FILTER", emediumtype, "The filter was not written as a classic BPF program, so there is none to show."},
	{"PTRACE_SECCOMP_GET_METADATA", enoent, noFilter},
	{"PTRACE_SECCOMP_GET_METADATA", eacces, needsAdmin},
	{"PTRACE_SECCOMP_GET_METADATA", einval, "The tracee has no seccomp filter, or addr is too small."},
	{"PTRACE_GET_SYSCALL_INFO", eio, "The kernel is older than 5.3 and does not know this request."},
	{"PTRACE_GET_RSEQ_CONFIGURATION", eio, "The kernel is older than 5.13, or was built without rseq."},
	{"PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG", eio, since6_4},
	{"PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG", einval, "addr is not the size of the structure, or the setting is not a valid one."},
	{"PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG", eio, since6_4},
	{"PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG", einval, "addr is not the size of the structure."},
	{"PTRACE_SET_SYSCALL_INFO", eio, "The kernel is older than 6.16 and does not know this request."},
	{"PTRACE_SET_SYSCALL_INFO", einval, "The stop is not the one that the structure describes, or a field of it is not valid."},
	{"PTRACE_SET_SYSCALL_INFO", erange, "A value does not fit into the registers of the tracee's kind of system call."},

	{"execve", eperm, "A security module or a seccomp filter refuses it. In a fork/exec of Go it can be the PTRACE_TRACEME before it that was refused."},
	{"execve", enoent, "There is no such program, or the interpreter that its first line or its ELF header names is missing."},
	{"execve", enoexec, "The file is not a program that this kernel can run."},
	{"execve", eacces, "The file is a directory, is not executable, or lies on a file system that forbids it."},
	{"fork", eagain, "The limit on the number of processes is reached."},
	{"process_vm_readv", eperm, mayNotRead},
	{"process_vm_readv", esrch, noMemory},
	{"process_vm_readv", efault, "The address is not mapped in the other process, or its protection forbids the access."},
	{"process_vm_writev", eperm, mayNotRead},
	{"process_vm_writev", esrch, noMemory},
	{"process_vm_writev", efault, "The address is not mapped in the other process, or its protection forbids the access: code, for example."},
	{"wait4", eintr, "A signal came for the tracer while it waited. Wait again."},
	{"wait4", echild, "No such child or tracee: it is reaped already, or it never was one of this thread's."},
}

// anyRequest is what an errno means for every request of ptrace that says
// nothing particular about it.
var anyRequest = map[int]string{
	eperm:  "A seccomp filter refuses ptrace, as some containers do.",
	esrch:  "The tracee is not stopped, or is traced by another thread, or is gone. A request comes from the thread that attached.",
	eio:    "This kernel does not know the request, or does not know it for this architecture.",
	efault: "The address in our own memory, where the result goes or comes from, is not usable.",
	enosys: "There is no ptrace here: an emulator such as qemu-user, or a seccomp filter, answers in place of the kernel.",
}

// ErrnoFor says what an errno means for one request: "PTRACE_ATTACH" in any
// spelling that [RequestByName] takes, or another call that a tracer makes, such
// as "wait4". It is "" when nothing particular is known.
func ErrnoFor(request string, errno int) string {
	r, isPtrace := RequestByName(request)
	if isPtrace {
		request = r.Name
	}
	if sentence, ok := Refused(request, errno); ok {
		return sentence
	}
	speaksForItself := r.Name == "PTRACE_TRACEME" && errno != eperm && errno != enosys
	if !isPtrace || speaksForItself {
		return "" // TRACEME is about its caller, which is always there
	}
	return anyRequest[errno]
}

// ErrnoForAny says what an errno means for every request of ptrace that has no
// sentence of its own for it; "" when nothing particular is known.
func ErrnoForAny(errno int) string { return anyRequest[errno] }

// Refused is the sentence that a request has of its own for an errno, if it has one.
func Refused(request string, errno int) (string, bool) {
	for _, r := range Refusals {
		if r.Request == request && r.Errno == errno {
			return r.Sentence, true
		}
	}
	return "", false
}

// RefusedWith are the calls that have a sentence of their own for an errno, in the
// order of [Refusals].
func RefusedWith(errno int) (calls []string) {
	for _, r := range Refusals {
		if r.Errno == errno {
			calls = append(calls, r.Request)
		}
	}
	return calls
}
