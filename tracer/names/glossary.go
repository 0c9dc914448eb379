package names

import "strings"

// Term is an entry of the glossary: a word of the manual, of a debugger or of ours
// that is no name of the other tables.
type Term struct {
	Word string   // as the entry is headed: "breakpoint"
	Also []string // other words for it, or that lead to it: "break point"
	Text string   // what it is, in a sentence or three
	See  string   // the manual page, and its section
}

// Terms are the glossary, in the order of the alphabet.
var Terms = []Term{
	{"-1", nil, "From a function of glibc: an error, and errno says which. From PTRACE_PEEKUSER and its siblings it can also be the word that was read. In orig_rax: the kernel was not entered by a system call. As the kernel's own result it is -EPERM.",
		`ptrace(2), "RETURN VALUE"`},
	{"ASLR", []string{"address space randomisation", "address space randomization", "randomize_va_space"},
		"The kernel places the stack, libraries and position-independent programs at other addresses in each run. setarch -R starts a program without it.", "personality(2), ADDR_NO_RANDOMIZE"},
	{"attach", []string{"attached"}, "To begin to trace a process that runs already, by PTRACE_ATTACH or PTRACE_SEIZE.", "ptrace(2)"},
	{"block", []string{"block engine"}, "Our word for instructions that are executed one after the other without a branch. `ptwalk count` plants an int3 behind a block, in place of a step for each instruction.", "chapter 4"},
	{"blocked signal", []string{"blocked", "signal mask", "sigmask", "SigBlk"},
		"A signal in the thread's mask. It waits, and makes no stop until it is unblocked. PTRACE_GETSIGMASK reads the mask; so does the line SigBlk of /proc/PID/status.", "sigprocmask(2)"},
	{"breakpoint", []string{"break point"},
		"A place where a program shall stop. A debugger saves the byte there and writes an int3 over it. When it is hit, byte and rip go back, one step is made, and the int3 comes again.", "ptrace(2), PTRACE_POKETEXT"},
	{"call frame", []string{"frame", "stack frame", "backtrace", "eh_frame", "CFI", "CFA"},
		"What a function that was called keeps on the stack: its return address, saved registers, variables. The section .eh_frame of the file says how to find the caller's.", "the DWARF standard"},
	{"capability", []string{"capabilities", "privilege"},
		"A part of what root may. CAP_SYS_PTRACE, in the user namespace of a process, lets one attach to it though it is another user's.", "capabilities(7)"},
	{"code", nil, "Of a signal: see siginfo. Of a refusal: a word such as PT-YAMA-1, see diagnosis.", "sigaction(2)"},
	{"code segment", []string{"0x23", "0x33"}, "What cs selects. Linux gives 64-bit code 0x33 and 32-bit code 0x23. It does not tell which table a system call uses.", "arch/x86/include/asm/segment.h"},
	{"continue", []string{"resume", "restart", "restarting request"},
		"To let a stopped tracee run: by PTRACE_CONT, PTRACE_SYSCALL, PTRACE_SINGLESTEP and their siblings, each with a signal to deliver or 0.", "ptrace(2)"},
	{"core dump", []string{"core", "core dumped"}, "A file with the memory and the registers of a process that a signal has ended. Bit 7 of the wait status tells of it.", "core(5)"},
	{"debug register", []string{"DR0", "DR1", "DR2", "DR3", "hardware breakpoint"},
		"A register of the processor for watchpoints and hardware breakpoints: four addresses in DR0 to DR3, what was hit in DR6, what is armed in DR7. They belong to a thread, survive PTRACE_DETACH, and stand in the USER area as u_debugreg.", "ptrace(2), PTRACE_POKEUSER"},
	{"detach", []string{"detached"}, "To end tracing: the tracee runs on, or stays stopped if job control had stopped it.", "ptrace(2), PTRACE_DETACH"},
	{"diagnosis", []string{"doctor"}, "What `ptwalk doctor` finds to be the cause of a refusal: a code, such as PT-YAMA-1, and a sentence.", "platforms.md"},
	{"DR6", nil, "The debug register that says which of the four addresses was hit, one bit each from bit 0. It is u_debugreg[6] of the USER area; some of its bits are always set.", "the processor's manual"},
	{"DR7", nil, "The debug register that arms the four addresses: which, on what access, how wide. It is u_debugreg[7] of the USER area. Clear it before PTRACE_DETACH.", "the processor's manual"},
	{"dumpable", []string{"not dumpable"}, "What a process is unless it has changed its ids, runs a file that may not be read, or has asked not to be. Only CAP_SYS_PTRACE attaches to one that is not.", "prctl(2), PR_SET_DUMPABLE"},
	{"DWARF", []string{"debug info", "line table"}, "The format in which a compiler tells a debugger of lines, variables and call frames. It stands in sections of the file; the kernel does not read it.", "the DWARF standard"},
	{"ELF", []string{"ELF header"}, "The format of program files. Its header says where the program begins and which parts go where in memory.", "elf(5)"},
	{"entry point", []string{"e_entry", "ELF entry point", "AT_ENTRY"}, "The address at which a program begins: `e_entry` in its ELF header. It is not main. Of a dynamic program the loader's comes first.", "elf(5)"},
	{"errno", []string{"error number", "error"}, "The number of an error. The system call returns it negative; the C library returns -1 and stores it.", "errno(3)"},
	{"event stop", []string{"event", "PTRACE_EVENT", "PTRACE_EVENT stop"}, "A stop that an option or PTRACE_SEIZE asked for. Bits 31 to 16 of the wait status have its number.", `ptrace(2), "PTRACE_EVENT stops"`},
	{"exit status", []string{"exit code"}, "The number from 0 to 255 with which a program ends. A shell says 128 + n for one that signal n has killed.", "wait(2)"},
	{"flags", []string{"rflags", "EFLAGS register"}, "The processor's register of single bits: carry, zero, sign, trap and others. A tracer finds it as eflags.", "the processor's manual"},
	{"FRED", nil, "A newer way of x86 processors into the kernel and out of it. With it the instruction syscall leaves rcx and r11 as they were.", "Documentation/arch/x86/x86_64/fred.rst"},
	{"group-stop", []string{"job control", "Ctrl-Z"}, "The state of a process that job control has stopped, with all its threads.", `ptrace(2), "Group-stop"`},
	{"handler", []string{"signal handler"}, "A function of the program that a signal calls. When it returns, rt_sigreturn puts the registers back.", "sigaction(2), sigreturn(2)"},
	{"i386", []string{"IA32", "32-bit", "x86"}, "The 32-bit machine of x86. A 64-bit kernel with IA32 emulation runs its programs, with a system call table of their own.", "syscalls(2)"},
	{"icebp", []string{"int1"}, "An instruction of one byte, 0xf1, that raises #DB, the exception of a step.", "the processor's manual"},
	{"int 0x80", []string{"cd 80"}, "The instruction of i386 for a system call. It means the table of i386 in 64-bit code too.", "syscall(2)"},
	{"int3", []string{"0xcc", "int 3"}, "The instruction of one byte, 0xcc, that a breakpoint is made of. It raises SIGTRAP with si_code 128, and rip points behind it.", "the processor's manual"},
	{"kernel thread", []string{"kthread", "PF_KTHREAD"}, "A task of the kernel's own. It has no program and cannot be traced.", `ptrace(2), "ERRORS"`},
	{"loader", []string{"dynamic loader", "interpreter", "ld.so", "static", "dynamic"}, "The program that the kernel starts in a dynamic program's place. It maps the libraries and jumps to the program's entry point. A static program has none.", "ld.so(8)"},
	{"macro", nil, "A name that the C preprocessor replaces: WIFSTOPPED(status), WNOHANG, PR_SET_PTRACER.", "wait(2), prctl(2)"},
	{"memfd", []string{"/proc/self/fd"}, "A file that is in memory alone. ptwalk runs the programs that it carries from one: hence /proc/self/fd/5 in their execve.", "memfd_create(2)"},
	{"mov ss", []string{"pop ss"}, "A move to the stack segment. The processor holds a trap back for one instruction behind it.", "the processor's manual"},
	{"namespace", []string{"pid namespace", "user namespace"}, "What makes a container: numbers of processes, or privileges, that hold in it alone. Root of a user namespace has no power over processes outside.", "namespaces(7)"},
	{"option", []string{"options", "PTRACE_O_"}, "A bit of PTRACE_SETOPTIONS, or of the data of PTRACE_SEIZE: which stops a tracee makes, and what becomes of it when the tracer ends.", "ptrace(2), PTRACE_SETOPTIONS"},
	{"ORIG_RAX", []string{"orig_ax"}, "The word of the USER area with the number of the system call. The kernel keeps it because rax is overwritten by the result.", "user.h"},
	{"pending signal", []string{"pending", "SigPnd"}, "A signal that was sent and is not delivered yet, for instance because it is blocked. PTRACE_PEEKSIGINFO lists them.", "signal(7)"},
	{"PIE", []string{"position-independent", "base address"}, "A program that can be placed at any address. What its file says, `e_entry` and symbols, counts from where it was placed: /proc/PID/maps shows that.", "ld.so(8), proc(5)"},
	{"process", []string{"pid", "thread group", "tgid"}, "One or more threads with common memory. Its number is that of its first thread.", "fork(2), getpid(2)"},
	{"ptrace-stop", []string{"stop", "stopped", "tracing stop"}, "A state of a tracee in which it does not run and answers requests. There are five kinds, and a wait tells which: signal-delivery-stop, group-stop, syscall-stop, event stop, single-step.", `ptrace(2), "Stopped states"`},
	{"reap", []string{"reaped"}, "To collect the exit status of a child by a wait.", "wait(2)"},
	{"red zone", nil, "The 128 bytes below rsp. A function may use them without moving rsp, so nobody else may write there.", "the ABI of x86-64"},
	{"register", []string{"registers", "general register"}, "One of the few variables of the processor itself. A system call takes its number in rax and its arguments in rdi, rsi, rdx, r10, r8 and r9, and leaves its result in rax.", "syscall(2)"},
	{"rep", []string{"rep stosb", "rep movsb"}, "A prefix that makes a string instruction repeat itself, rcx times. A step stops after each turn.", "the processor's manual"},
	{"request", nil, "The first argument of ptrace. It says what is asked.", "ptrace(2)"},
	{"restart code", []string{"restart codes"}, "A result from -512 to -516 that a system call leaves in rax where a signal has interrupted it. The kernel makes the call again, or EINTR of it, before the program sees it.", "signal(7)"},
	{"seccomp", []string{"seccomp filter", "filter"}, "A filter in front of all system calls of a process. It can refuse a call, kill the process, or ask its tracer. Some containers refuse ptrace so.", "seccomp(2)"},
	{"seize", []string{"seized"}, "To attach without a signal and without a stop.", "ptrace(2), PTRACE_SEIZE"},
	{"set-user-ID", []string{"setuid", "set-ID", "suid"}, "The mode of a program that runs with its owner's rights, as sudo. Under a tracer that lacks CAP_SYS_PTRACE it runs without them.", "execve(2)"},
	{"siginfo, si_code", []string{"siginfo", "siginfo_t", "si_code", "si_codes", "si_pid", "si_addr", "si_status", "si_signo"}, "What the kernel knows of a signal. si_code says where it came from: a step, a breakpoint, kill. si_pid, si_addr and others come with some codes.", "sigaction(2)"},
	{"signal", []string{"signals"}, "A number from 1 to 64 that tells a process of an event, or ends, stops or wakes it. For a tracee it waits until the tracer has decided.", "signal(7)"},
	{"signal-delivery-stop", nil, "The stop of a tracee for which a signal waits. The tracer decides which signal is delivered.", `ptrace(2), "Signal-delivery-stop"`},
	{"single-step", []string{"step", "stepping", "stepi"}, "To run one machine instruction and stop.", "ptrace(2), PTRACE_SINGLESTEP"},
	{"state", []string{"process state", "t (tracing stop)", "T (stopped)"}, "The letter in /proc/PID/status: R runs, S and D sleep, T is stopped by job control, t by a tracer, Z is a zombie.", "proc(5)"},
	{"symbol", []string{"symbol table", "symtab"}, "A name in an ELF file for an address: of a function, of a variable. nm lists them; strip takes them out.", "elf(5), nm(1)"},
	{"syscall instruction", []string{"0f 05"}, "The instruction of x86-64 for a system call. It puts rip into rcx and the flags into r11, but not under FRED.", "syscall(2)"},
	{"syscall-enter-stop, syscall-exit-stop", []string{"syscall-stop", "syscall-enter-stop", "syscall-exit-stop"}, "The stops before and after a system call.", `ptrace(2), "Syscall-stops"`},
	{"sysenter", nil, "An instruction for system calls of i386, which the vDSO of 32-bit programs uses on Intel machines. On those of AMD it uses syscall. Both mean the table of i386.", "vdso(7)"},
	{"system call", []string{"syscall", "system calls"}, "A request of a program to the kernel, by its number. The number belongs to a table: that of x86-64 or that of i386.", "syscalls(2)"},
	{"TLS", []string{"thread-local storage", "thread-local"}, "The memory that each thread has for itself. fs_base points to it on x86-64, gs on i386.", "arch_prctl(2)"},
	{"tracee", []string{"inferior", "debuggee", "traced"}, "The thread that is traced. A process of five threads can be five tracees.", "ptrace(2)"},
	{"tracer", []string{"debugger", "TracerPid"}, "The thread that traces. The kernel answers no other. /proc/PID/status has its number as TracerPid.", "ptrace(2)"},
	{"TRACESYSGOOD", []string{"sysgood"}, "An option that marks syscall-stops by 0x80 in the signal, so that they cannot be taken for a SIGTRAP.", "ptrace(2), PTRACE_SETOPTIONS"},
	{"trap", []string{"#DB", "#BP"}, "An exception of the processor after an instruction: #DB of a step or a debug register, #BP of an int3. The kernel makes SIGTRAP of it.", "the processor's manual"},
	{"trap flag", []string{"TF"}, "Bit 8 of the flags register. While it is set, the processor traps after each instruction.", "the processor's manual"},
	{"USER area", []string{"USER", "struct user", "u_debugreg", "sys/reg.h"}, "What PTRACE_PEEKUSER reads: the tracee's saved registers, and the debug registers behind them.", "ptrace(2), user.h"},
	{"vDSO", nil, "Code of the kernel that it maps into every program. clock_gettime and a few others run there, without a system call.", "vdso(7)"},
	{"vector register", []string{"xmm", "ymm", "xmm0", "ymm0", "mxcsr", "x87", "st0"}, "A register for several numbers at once. PTRACE_GETFPREGS reads xmm0 to xmm15 and those of the x87; the wider ones take PTRACE_GETREGSET with NT_X86_XSTATE.", "ptrace(2), PTRACE_GETREGSET"},
	{"volunteer", nil, "Our word for a child that asks for PTRACE_TRACEME.", "chapter 1"},
	{"vsyscall", []string{"0xffffffffff600000", "0xffffffffff600400"}, "A page at 0xffffffffff600000 with three old calls, which the kernel carries out itself. ptrace cannot read it.", "vdso(7)"},
	{"wait", []string{"waitpid", "wait(2)"}, "To ask for what has become of a child or tracee. glibc's wait and waitpid make the system call wait4.", "wait(2)"},
	{"wait status", []string{"status"}, "The number that wait stores. Its bits say how a process has stopped or ended.", "wait(2)"},
	{"watchpoint", []string{"watch", "hardware watchpoint"}, "A place in memory whose change stops the program. A debug register does it: SIGTRAP comes after the instruction that wrote. The kernel's own writes make none.", "ptrace(2), PTRACE_POKEUSER"},
	{"word", []string{"PEEK", "POKE"}, "What one PEEK or POKE moves: 8 bytes on x86-64, 4 on i386.", "ptrace(2)"},
	{"x86-64", []string{"amd64", "x86_64"}, "The 64-bit machine that these lessons are about.", "syscalls(2)"},
	{"Yama", []string{"ptrace_scope", "/proc/sys/kernel/yama/ptrace_scope"}, "A guard that some kernels have. It limits who may attach to whom.", `ptrace(2), "/proc/sys/kernel/yama/ptrace_scope"`},
	{"zombie", []string{"defunct"}, "A process that has ended and has not been reaped.", "wait(2)"},
}

// TermByWord finds a term of the glossary by its word or by another word for it, in
// any case.
func TermByWord(word string) (Term, bool) {
	for _, t := range Terms {
		if strings.EqualFold(t.Word, word) {
			return t, true
		}
		for _, also := range t.Also {
			if strings.EqualFold(also, word) {
				return t, true
			}
		}
	}
	return Term{}, false
}
