package count

import "ptwalk/tracer"

// Engine runs many instructions between two stops, and knows which. Package
// count/block has one. Without one each instruction is stepped.
type Engine interface {
	Name() string
	Space(pid tracer.TID) Space // of a process, and again after its execve
}

// EngineError says that an engine has lost track of the program. Without an engine
// it can be counted.
type EngineError struct{ Err error }

// Error is the sentence of the engine.
func (e *EngineError) Error() string { return "counting by blocks: " + e.Err.Error() }

// Unwrap is the engine's own error.
func (e *EngineError) Unwrap() error { return e.Err }

// How says how a thread goes on.
type How int

// A thread was restarted, or has taken a branch and still stands there, or has
// to be stepped.
const (
	Step How = iota
	Branched
	Running
)

// Handled is what a stop tells of a run.
type Handled struct {
	Ran    []tracer.Addr // the instructions that were executed, in their order
	Turned tracer.Addr   // a repeated instruction that has turned after those, or 0
	Turns  uint64        // and how often: each turn counts
	Whole  bool          // the stop is the engine's own, and nothing but that
	Call   tracer.Addr   // the system call at whose entry the thread is, or 0
}

// Space is the memory of one process whose only thread is stopped.
type Space interface {
	// Run restarts the thread for at most room instructions. Where unsettled, a
	// signal may come before the first of them.
	Run(t *tracer.Tracee, room uint64, unsettled bool) (ran []tracer.Addr, how How)
	// HandleStop is asked at the stop after Run.
	HandleStop(t *tracer.Tracee, stop tracer.Stop) (Handled, error)
	// RemoveBreakpoints takes out of the memory from a up to end what was put there.
	RemoveBreakpoints(t *tracer.Tracee, a, end tracer.Addr)
	// HasPlanted says whether there has ever been a breakpoint at a in place of another
	// instruction.
	HasPlanted(a tracer.Addr) bool
	// Invalidate is RemoveBreakpoints, before mappings from a up to end change.
	Invalidate(t *tracer.Tracee, a, end tracer.Addr)
}
