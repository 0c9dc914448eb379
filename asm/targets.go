package asm

import "syscall"

// The bundled programs. The head comment of each source says more.
var (
	Hello32 = Target{
		Name: "hello32", Source: "asm/src/hello32.asm", Arch: "i386", Int80: true, Exit: Exit{Status: 1},
		Summary: "seven instructions, write and exit through int 0x80",
	}
	Hello64 = Target{
		Name: "hello64", Source: "asm/src/hello64.asm", Arch: "x86-64", Exit: Exit{Status: 1},
		Summary: "seven instructions, write and exit through syscall",
	}
	Int80In64 = Target{
		Name: "int80in64", Source: "asm/src/int80in64.asm", Arch: "x86-64", Int80: true,
		Summary: "64-bit code whose system calls have i386 numbers: ORIG_RAX is 4 at write",
	}
	HelloC = Target{
		Name: "helloc", Source: "asm/src/helloc.c", Arch: "x86-64",
		Summary: "hello world in C: what a libc does before, around and after one line",
	}
	Volunteer = Target{
		Name: "volunteer", Source: "asm/src/volunteer.c", Arch: "x86-64",
		Summary: "PTRACE_TRACEME, then execve: one stop with SIGTRAP before the new image runs",
	}
	Exits7 = Target{
		Name: "exits7", Source: "asm/src/exits7.c", Arch: "x86-64", Exit: Exit{Status: 7},
		Summary: "PTRACE_TRACEME, then exit: no stop at all",
	}
	Blocker = Target{
		Name: "blocker", Source: "asm/src/blocker.c", Arch: "x86-64", Exit: Exit{Status: 3},
		Summary: "SIGTRAP is blocked across execve: no stop, unless PTRACE_O_TRACEEXEC asks",
	}
	Crash = Target{
		Name: "crash", Source: "asm/src/crash.asm", Arch: "x86-64", Exit: Exit{Signal: syscall.SIGSEGV},
		Summary: "a SIGSEGV that must be passed on, or the same instruction faults for ever",
	}
	RepSS = Target{
		Name: "repss", Source: "asm/src/repss.asm", Arch: "x86-64",
		Summary: "rep stosb stops ten times; mov ss hides the stop of the next instruction",
	}
	MallocLine = Target{
		Name: "mallocline", Source: "asm/src/mallocline.c", Arch: "x86-64",
		Summary: "one line of C whose stops lie in malloc and what malloc calls",
	}
	Ticker = Target{
		Name: "ticker", Source: "asm/src/ticker.c", Arch: "x86-64", Exit: Exit{Forever: true},
		Summary: "a counter in memory that grows while it runs and rests while it is stopped",
	}
	Tickers = Target{
		Name: "tickers", Source: "asm/src/tickers.c", Arch: "x86-64", Exit: Exit{Forever: true},
		Summary: "four threads with a counter each: every thread is attached by itself",
	}
	Stranger = Target{
		Name: "stranger", Source: "asm/src/stranger.c", Arch: "x86-64", Exit: Exit{Status: int(syscall.ESRCH)},
		Summary: "gives up its privileges, asks for PTRACE_SEIZE, exits with the errno",
	}
	Handler = Target{
		Name: "handler", Source: "asm/src/handler.c", Arch: "x86-64", Exit: Exit{Status: 3},
		Summary: "three signals for its handler: the exit status is how many were passed on",
	}
	NoSuchCall = Target{
		Name: "nosuchcall", Source: "asm/src/nosuchcall.c", Arch: "x86-64", Exit: Exit{Status: int(syscall.ENOSYS)},
		Summary: "a system call that no kernel has: rax is -38 at both of its stops",
	}
	Again = Target{
		Name: "again", Source: "asm/src/again.c", Arch: "x86-64",
		Summary: "executes itself once: a SIGTRAP stands between the stops of its calls",
	}
	PageEnd = Target{
		Name: "pageend", Source: "asm/src/pageend.c", Arch: "x86-64", Exit: Exit{Status: int(syscall.ENOENT)},
		Summary: "opens a file whose name ends where its memory ends",
	}
	SelfKill = Target{
		Name: "selfkill", Source: "asm/src/selfkill.c", Arch: "x86-64", Exit: Exit{Signal: syscall.SIGKILL},
		Summary: "asks to be killed: a tracer can see to it that the call is not made",
	}
	Patient = Target{
		Name: "patient", Source: "asm/src/patient.c", Arch: "x86-64", Exit: Exit{Forever: true},
		Summary: "a read that a signal interrupts, and that the kernel makes again",
	}
	Clock = Target{
		Name: "clock", Source: "asm/src/clock.c", Arch: "x86-64",
		Summary: "asks for the time a thousand times, mostly without a system call",
	}
	Filtered = Target{
		Name: "filtered", Source: "asm/src/filtered.c", Arch: "x86-64",
		Summary: "a seccomp filter that asks the tracer about one kind of its calls",
	}
	Constant = Target{
		Name: "constant", Source: "asm/src/constant.c", Arch: "x86-64",
		Summary: "prints a line from a page that it may only read",
	}
	Walls = Target{
		Name: "walls", Source: "asm/src/walls.c", Arch: "x86-64",
		Summary: "a page with PROT_NONE, one that is shared and read-only, and nothing behind",
	}
	Wanderer = Target{
		Name: "wanderer", Source: "asm/src/wanderer.c", Arch: "x86-64",
		Summary: "position-independent: the kernel chooses its place at each start",
	}
	Visitor = Target{
		Name: "visitor", Source: "asm/src/visitor.c", Arch: "x86-64", Exit: Exit{Status: 12},
		Summary: "calls one function three times: the exit status is the sum of the arguments",
	}
	Twins = Target{
		Name: "twins", Source: "asm/src/twins.c", Arch: "x86-64", Exit: Exit{Status: 12},
		Summary: "two threads that call the same function, six times each",
	}
	Forker = Target{
		Name: "forker", Source: "asm/src/forker.c", Arch: "x86-64", Exit: Exit{Status: 12},
		Summary: "forks a child that calls the same function, and exits as the child has ended",
	}
	OwnInt3 = Target{
		Name: "ownint3", Source: "asm/src/ownint3.c", Arch: "x86-64", Exit: Exit{Status: 1},
		Summary: "an int3 of its own, and a handler for its SIGTRAP",
	}
	Ledger = Target{
		Name: "ledger", Source: "asm/src/ledger.c", Arch: "x86-64", Exit: Exit{Status: 2},
		Summary: "one number that is written in five ways, once by the kernel",
	}
	Heirs = Target{
		Name: "heirs", Source: "asm/src/heirs.c", Arch: "x86-64",
		Summary: "a number that is written by a new thread, a child, or after an execve",
	}
	Deaf = Target{
		Name: "deaf", Source: "asm/src/deaf.c", Arch: "x86-64",
		Summary: "ignores SIGUSR1 and sends it to itself",
	}
	Told = Target{
		Name: "told", Source: "asm/src/told.c", Arch: "x86-64",
		Summary: "a handler that prints which signal it was called for, and who sent it",
	}
	Family = Target{
		Name: "family", Source: "asm/src/family.c", Arch: "x86-64", Exit: Exit{Status: 7},
		Summary: "children by fork and vfork, for which their parent waits",
	}
	Crew = Target{
		Name: "crew", Source: "asm/src/crew.c", Arch: "x86-64",
		Summary: "two threads: either may end first, and the second may execve",
	}
	Breeder = Target{
		Name: "breeder", Source: "asm/src/breeder.c", Arch: "x86-64", Exit: Exit{Forever: true},
		Summary: "makes a thread when it is told to, while a tracer stops the others",
	}
)

// Targets are all of them, in the order in which the lessons meet them.
var Targets = []Target{
	Hello32, Hello64, Int80In64, HelloC, Volunteer, Exits7, Blocker, Crash,
	RepSS, MallocLine, Ticker, Tickers, Stranger, Handler,
	NoSuchCall, Again, PageEnd, SelfKill, Patient, Clock, Filtered,
	Constant, Walls, Wanderer,
	Visitor, Twins, Forker, OwnInt3,
	Ledger, Heirs,
	Deaf, Told,
	Family, Crew, Breeder,
}
