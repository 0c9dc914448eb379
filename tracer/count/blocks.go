package count

import (
	"math"
	"strings"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/user"
	"ptwalk/tracer/x86/kind"
)

// What follows stands between a run and its engine.

// rounds is how many branches a thread may take while it stands still. After
// that it is stepped, so that its signals arrive.
const rounds = 64

// runBlock restarts a thread by the engine, if that may be.
func (r *run) runBlock(th *thread) bool {
	code := th.space.code
	if code == nil || th.last == afterSignal || th.hasFlag {
		return false
	}
	if th.space.shared || th.inSequence() {
		return false
	}
	for range rounds {
		room := uint64(math.MaxUint64)
		if r.cfg.Limit > 0 {
			room = r.cfg.Limit - r.instructions
		}
		ran, how := code.Run(th.tracee, room, th.unsettled)
		if how == Step {
			return false
		}
		th.unsettled = false
		r.ran(th, ran)
		if how == Running {
			th.doing = inBlock
			return true
		}
		if r.ending.begun() {
			return true
		}
	}
	code.Run(th.tracee, 0, false) // it gets ready for the step
	return false
}

// inSequence says whether the program has announced a restartable sequence. Each
// stop in one sends it to its abort handler, by a change of rip that no stop
// shows: kernel/rseq.c. It is stepped, with nothing planted.
func (th *thread) inSequence() bool {
	if th.space.rseq == 0 {
		return false
	}
	announced, err := th.tracee.PeekData(th.space.rseq)
	if err != nil || announced == 0 {
		return false
	}
	th.space.code.Run(th.tracee, 0, false) // it gets ready for the step
	th.space.code.RemoveBreakpoints(th.tracee, 0, allMemory)
	return true
}

// ran counts instructions that the engine knows to have been executed.
func (r *run) ran(th *thread, addrs []tracer.Addr) {
	n := uint64(len(addrs))
	th.instructions += n
	r.instructions += n
	r.stops += n
	if r.cfg.Histogram {
		for _, a := range addrs {
			th.space.hit(a)
		}
	}
	if n > 0 {
		r.limitAndProgress()
	}
}

// turned counts the turns of a repeated instruction.
func (r *run) turned(th *thread, a tracer.Addr, turns uint64) {
	if turns == 0 {
		return
	}
	th.instructions += turns
	r.instructions += turns
	r.stops += turns
	if r.cfg.Histogram {
		th.space.hitTimes(a, turns)
	}
	r.limitAndProgress()
}

// handleBlock takes what a stop tells of the engine's run. It says whether the stop
// has been answered.
func (r *run) handleBlock(th *thread, stop tracer.Stop) bool {
	th.doing = stepping
	got, err := th.space.code.HandleStop(th.tracee, stop)
	if err != nil {
		if !gone(err) {
			r.ending.fail(&EngineError{err})
		}
		return true
	}
	r.ran(th, got.Ran)
	r.turned(th, got.Turned, got.Turns)
	if got.Call != 0 {
		th.rip, th.kind = got.Call, kind.Call
	}
	if r.ending.begun() {
		return true
	}
	if got.Whole {
		r.resume(th, 0)
	}
	return got.Whole
}

// afterCall looks for a shadow stack, for what a child of vfork has left, and for
// memory that is closed to us now.
func (r *run) afterCall(th *thread, call pendingCall) {
	r.lookIfClosed(th, call.closes)
	if call.untraced && r.cfg.Follow {
		if made, _ := th.tracee.PeekUser(user.RAX); int32(made) > 0 {
			r.untraced++
		}
	}
	if call.breaks {
		end, _ := th.tracee.PeekUser(user.RAX)
		th.space.brk = tracer.Addr(end)
	}
	if call.vforks {
		th.space.shared = th.space.shared || leftBehind(th.pid)
	}
	if th.space.shadow {
		th.space.shadow = false
		if strings.Contains(procfs.StatusField(th.tracee.TID, "x86_Thread_features"), "shstk") && th.space.code != nil {
			th.space.code.RemoveBreakpoints(th.tracee, 0, allMemory)
			th.space.code = nil
		}
	}
}

// lookForSharing says that a new process has the memory of another one, if it
// has: after clone with CLONE_VM, and after vfork until its execve.
func (r *run) lookForSharing(th *thread) {
	for pid := range r.spaces {
		if pid != th.pid && sameMemory(pid, th.pid) {
			th.space.shared = true
		}
	}
}

// dumping are the signals that write a core file where they are not handled:
// SIGQUIT, ILL, TRAP, ABRT, BUS, FPE, SEGV, XCPU, XFSZ and SYS. See signal(7).
const dumping tracer.SigSet = 1<<2 | 1<<3 | 1<<4 | 1<<5 | 1<<6 | 1<<7 | 1<<10 | 1<<23 | 1<<24 | 1<<30

// limitAndProgress is due after instructions were counted.
func (r *run) limitAndProgress() {
	if r.instructions == r.cfg.Limit {
		r.ending.end(Limit)
	}
	if r.cfg.Progress == nil {
		return
	}
	if now := time.Now(); now.Sub(r.told) >= 100*time.Millisecond {
		r.told = now
		r.cfg.Progress(Progress{r.instructions, now.Sub(r.began)})
	}
}
