// Package count counts the instructions that a program executes, one by one, and
// takes care that the program does not notice. It knows the instructions of x86-64
// and i386, and no other machine's.
//
// # What is counted
//
// An instruction counts when it was executed: when a step stop followed it
// (si_code TRAP_TRACE or TRAP_BRKPT), when it was an int3, or when it was the
// exit or exit_group that no stop can follow. Each turn of a rep instruction
// counts. The instruction after mov ss has no stop and does not count; neither
// does the one after cpuid on a virtual machine that loses the trap. One that
// faults was not executed, and counts nothing. A system call that a signal
// interrupts and the kernel restarts was executed twice.
//
// Stops are those of the article's counter, a loop of PTRACE_SINGLESTEP and
// wait4 without options: the stop of execve at the start, each step, each
// signal-delivery-stop, each entry to a signal handler and each group-stop. The
// stops that this package asks for itself are left out: those of the options
// PTRACE_O_TRACEEXEC and PTRACE_O_TRACEFORK and their kind, and the stop at the
// entry to a system call.
//
// Without Follow the first thread of the program counts, alone. Its other
// threads and its children run untraced, at full speed. If one of those threads
// calls execve, the first thread is gone and its count ends there.
//
// # How
//
// Each instruction is stepped with PTRACE_SINGLESTEP, but for four kinds. A
// system call runs by PTRACE_SYSCALL, from its entry stop to its exit stop, so
// that the trap flag does not show in r11. The trap flag that pushf stores is
// cleared on the stack. popf and iret run by PTRACE_CONT with the trap flag set by
// PTRACE_POKEUSER: over a step of them the kernel would take the trap flag for the
// program's own afterwards.
//
// # Limits
//
// SIGTRAP cannot stay ignored in a program that is stepped, because the kernel
// forces the signal of every step: the program finds it at its default. A SIGTRAP
// that it sends itself while it blocks that signal is delivered at once.
//
// Each stop in a restartable sequence, rseq(2), sends the program to the handler
// of its abort. It executes other instructions there than untraced, and a sequence
// that is tried again until it succeeds never ends.
//
// A program that writes a file whose code it has already run, by write(2) or
// through a later mapping, is counted truly by stepping alone, without an Engine:
// a page in which package block has planted does not change with its file.
package count

import (
	"errors"
	"os"
	"runtime"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/killset"
)

// Config says what to run and how to count it.
type Config struct {
	Command   tracer.Command
	Follow    bool          // threads and children too, and theirs
	Limit     uint64        // end the program after so many instructions; 0 is none
	Timeout   time.Duration // end the program after this time; 0 is never
	Engine    Engine        // nil steps each instruction
	Histogram bool          // fill ByFunction, ByObject and ByProcess

	// Family is what the program starts, whoever traces that. It is killed where the
	// program is; the caller ends it after Run. It may be nil.
	Family *killset.Family

	// Started is called on the tracer's thread when the program has been started and
	// has its own descriptors: the caller's copies can be closed. It may be nil.
	Started func()

	// Progress is called on the tracer's thread, at most ten times a second. It
	// must return soon: the program is stopped meanwhile. It may be nil.
	Progress func(Progress)

	// Call is called before a system call of a thread that counts, on the tracer's
	// thread, with the program stopped. It may be nil.
	Call func(Call)

	// Signals are signals that asked us to end, as signal.Notify sends them. The
	// program gets the first one before all else: it is sent to it, unless it has
	// had the same signal from the terminal in the last moments. If it has not
	// ended after Grace, or if another signal comes, it is killed. It may be nil.
	Signals <-chan os.Signal
	Grace   time.Duration // 0 is 200 ms
}

// Call is a system call that is about to be made.
type Call struct {
	Arch  tracer.Arch // whose table Nr is of
	Nr    int64
	First tracer.Word // the first argument
}

// Progress is how far a run has come.
type Progress struct {
	Instructions uint64
	Elapsed      time.Duration
}

// Why says why a count is partial.
type Why string

// The reasons to kill a program before its end.
const (
	Complete    Why = ""
	Limit       Why = "limit"       // Config.Limit was reached
	Timeout     Why = "timeout"     // Config.Timeout has passed
	Interrupted Why = "interrupt"   // Config.Signals asked for it
	NoProgress  Why = "no progress" // the processor does not get past an icebp
)

// Result is what was counted.
type Result struct {
	Argv         []string
	Instructions uint64
	Stops        uint64
	Exits        uint64 // instructions that no stop follows: exit and exit_group
	Engine       string // "step", or the name of Config.Engine
	Stepped      uint64 // how many of the instructions were stepped
	Seconds      float64
	Syscalls     map[string]uint64 // by name, entries; "syscall_N" where N has no name

	Signals  map[tracer.Signal]uint64 // that were delivered
	Untraced uint64                   // how often clone(2) with CLONE_UNTRACED made what is not counted, where all is followed
	Moved    tracer.Addr              // an int3 of the Engine's that the program has moved and has died of, or 0

	ByFunction []FunctionCount // most first, if Config.Histogram asks
	ByObject   []ObjectCount   // most first, if Config.Histogram asks
	ByProcess  []ProcessCount  // in alphabetical order, if Config.Histogram asks
	ByThread   []ThreadCount   // in the order of their first stops

	End     tracer.Stop   // how the first process ended: Exited or Killed
	Partial bool          // we killed it, and all that ran with it
	Why     Why           // the reason, where Partial is set
	Signal  tracer.Signal // the signal that asked for it, where Why is Interrupted
	At      tracer.Addr   // the address of the icebp, where Why is NoProgress
}

// FunctionCount is the count of one function of one file. Function is [NoSymbol]
// where no symbol is known.
type FunctionCount struct {
	Object       string `json:"object"`
	Function     string `json:"function"`
	Instructions uint64 `json:"instructions"`
}

// ObjectCount is the count of one file, or of memory with a name of its own:
// "[vdso]", "[stack]". It is [NoFile] for memory without a name.
type ObjectCount struct {
	Object       string `json:"object"`
	Instructions uint64 `json:"instructions"`
}

// ProcessCount is the count of one function of one file, in the processes that
// ran one program. Process is that program's name: comm in proc_pid_comm(5) when
// it started, at most 15 bytes.
type ProcessCount struct {
	Process string `json:"process"`
	FunctionCount
}

// ThreadCount is the count of one thread. Name is what the thread called
// itself: see PR_SET_NAME in prctl(2).
type ThreadCount struct {
	TID          tracer.TID `json:"tid"`
	PID          tracer.TID `json:"pid"`
	Name         string     `json:"name"`
	Instructions uint64     `json:"instructions"`
}

// ErrUnseen is the error of a program that ran to its end without one stop. The
// stop of execve is a SIGTRAP, and whoever started us had blocked that signal.
var ErrUnseen = errors.New("no stop at execve: SIGTRAP is blocked where we were started")

// Run starts the program, counts it and returns when all that it traced is
// gone. It locks the goroutine to its thread meanwhile, and must not be called
// where that thread has other children: it would reap them.
//
// The error of a start that failed is that of the step that failed, a
// [syscall.Errno]: it may be that of PTRACE_TRACEME or that of execve. Any other
// error came later, and the result holds what was counted until then.
func Run(cfg Config) (Result, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	r := newRun(cfg)
	defer r.affinity.end()
	defer quietStops()()
	if err := r.start(); err != nil {
		return r.result(), err
	}
	stopWatch := r.watch()
	err := r.loop()
	stopWatch()
	return r.result(), err
}
