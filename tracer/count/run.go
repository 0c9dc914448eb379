package count

import (
	"errors"
	"fmt"
	"syscall"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/killset"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/x86/kind"
)

// run is one count, from start to end. All of it belongs to the tracer's
// thread, but for ending, which the watch shares.
type run struct {
	cfg    Config
	tracer tracer.Tracer
	main   tracer.TID
	began  time.Time
	told   time.Time // when Progress was called last

	threads  map[tracer.TID]*thread
	spaces   map[tracer.TID]*space // by process
	expected map[tracer.TID]bool   // announced by its parent's event, not seen yet
	early    map[tracer.TID]bool   // seen, not announced by its parent's event yet

	instructions uint64
	stops        uint64
	exits        uint64
	stepped      uint64
	syscalls     map[callKey]uint64
	signals      map[tracer.Signal]uint64
	untraced     uint64
	moved        tracer.Addr // see Result
	functions    map[functionKey]*uint64
	pendingStep  *thread   // whose step is the next request
	met          []*thread // every thread, in order of appearance
	end          tracer.Stop
	cut          bool // one that we killed has died of it
	stuckAt      tracer.Addr
	dropped      bool // the program is no longer killed when we die before the options are set

	turns    turns
	alarm    alarm
	affinity affinity

	ending ending
}

// thread is one tracee.
type thread struct {
	tracee       *tracer.Tracee
	pid          tracer.TID
	name         string
	instructions uint64
	space        *space

	doing doing
	last  lastStop
	call  pendingCall // reset at the exit stop

	rip   tracer.Addr // the instruction that the last restart is to execute
	kind  kind.Kind   // what it is
	after kind.Kind   // of the one behind it, where that may run in the same step
	end   tracer.Addr // of the one behind it
	next  tracer.Addr // rip, where the stop has told it
	known bool        // that it has
	stuck int         // how often an icebp has stopped without moving on

	moved     tracer.Addr // an int3 of the engine's that is not where it was planted, executed last
	delivered bool        // the last restart for an instruction delivered a signal
	attached  bool        // the SIGSTOP by which the kernel has attached it is still to come
	unsettled bool        // a signal may come before the next instruction
	hidTrap   bool        // the program blocks SIGTRAP, and we have unblocked it
	shown     bool        // we have left the mask as it is, because a signal comes first
	byHand    bool        // the last restart set the trap flag by PTRACE_POKEUSER
	selfStep  bool        // the program has set the trap flag itself
	hasFlag   bool        // it had done so before
}

// doing is what a thread was restarted for.
type doing int

const (
	stepping    doing = iota // one instruction, perhaps with a signal
	plainStep                // one plain instruction, and nothing else
	inBlock                  // code of the engine's
	inCall                   // a system call, between its entry stop and its exit stop
	inGroupStop              // nothing: it waits for SIGCONT
)

// lastStop is what a thread has stopped for last.
type lastStop int

const (
	afterStep   lastStop = iota
	afterCall            // the exit from a system call
	afterSignal          // a signal or a group-stop
)

// pendingCall is the system call that a thread is in, as far as we have to see to it
// at the exit.
type pendingCall struct {
	savedRegs *tracer.Regs // it is one of ours, made before the program's own
	exits     bool         // exit or exit_group, which has been counted
	execed    bool         // an execve that succeeded, which has been counted
	remaps    change       // what it maps anew, for the names of functions
	opensCode bool         // memory may hold code that did not before
	returns   bool         // it returns from a handler
	breaks    bool         // brk
	vforks    bool         // vfork, or clone with CLONE_VFORK: a child has this memory
	untraced  bool         // it makes a thread or process that no option attaches
	closes    string       // it may close the memory to us: how
}

// change is memory where a call may map something else.
type change struct {
	from, end tracer.Addr
	code      bool // code is mapped there, or will be somewhere
}

type callKey struct {
	arch tracer.Arch
	nr   int64
}

func newRun(cfg Config) *run {
	r := &run{
		cfg:       cfg,
		ending:    ending{started: killset.Set{Spare: spare}},
		alarm:     alarm{set: make(chan struct{})},
		threads:   map[tracer.TID]*thread{},
		spaces:    map[tracer.TID]*space{},
		expected:  map[tracer.TID]bool{},
		early:     map[tracer.TID]bool{},
		syscalls:  map[callKey]uint64{},
		signals:   map[tracer.Signal]uint64{},
		functions: map[functionKey]*uint64{},
	}
	r.ending.started.With(cfg.Family)
	return r
}

// start starts the program and takes it to its stop of execve.
func (r *run) start() error {
	r.began = time.Now()
	tracee, err := r.tracer.Start(r.cfg.Command)
	if err != nil {
		return err
	}
	r.main = tracee.TID
	r.ending.started.Add(tracee.TID)
	if r.cfg.Started != nil {
		r.cfg.Started()
	}
	stop, err := r.tracer.Wait(tracee.TID)
	if err == nil && stop.Ended() {
		r.ending.started.Remove(tracee.TID)
		r.end = stop
		if stop.Kind == tracer.Killed {
			return nil // by a signal, before its execve
		}
		return ErrUnseen
	}
	if err == nil {
		err = tracee.SetOptions(r.options())
	}
	if err != nil && !gone(err) {
		r.ending.end(Complete)
		r.drain()
		return err
	}
	r.told = time.Now()
	th := r.meet(tracee)
	r.stops++
	r.affinity.begin()
	r.affinity.hold(tracee.TID)
	r.resume(th, 0)
	return nil
}

func (r *run) options() tracer.Option {
	o := tracer.ExitKill | tracer.TraceSysGood | tracer.TraceExec
	if r.cfg.Follow {
		o |= tracer.TraceFork | tracer.TraceVfork | tracer.TraceClone
	}
	return o
}

// meet makes the record of a tracee at its first stop.
func (r *run) meet(tracee *tracer.Tracee) *thread {
	pid := procfs.Process(tracee.TID)
	th := &thread{tracee: tracee, pid: pid, name: procfs.Comm(tracee.TID)}
	th.space = r.spaceOf(pid)
	r.threads[tracee.TID] = th
	r.met = append(r.met, th)
	if pid == tracee.TID && pid != r.main {
		if stat, ok := procfs.StatOf(pid); ok && r.spaces[tracer.TID(stat.PPid)] != nil {
			parent := r.spaces[tracer.TID(stat.PPid)]
			th.space.rseq, th.space.ldt, th.space.shares = parent.rseq, parent.ldt, parent.shares // fork keeps them
		} else {
			th.space.shares = true // for all that we know
		}
		r.ending.started.Add(pid)
		r.lookForSharing(th)
	}
	return th
}

// loop waits for stops and answers each, until all that is traced has ended.
func (r *run) loop() error {
	for !r.done() {
		stop, ok, err := r.wait()
		switch {
		case errors.Is(err, syscall.ECHILD) && r.end.Ended():
			return nil
		case err != nil:
			r.ending.end(Complete)
			return err
		case ok:
			r.handle(stop)
		}
	}
	_, _, err := r.ending.reason()
	return err
}

// done says whether nothing is left to wait for.
func (r *run) done() bool {
	return r.end.Ended() && len(r.threads) == 0 && len(r.expected) == 0
}

// drain waits for the end of what was killed.
func (r *run) drain() {
	for {
		stop, err := r.tracer.Wait(r.main)
		if err != nil || stop.Ended() {
			r.ending.started.Remove(r.main)
			return
		}
	}
}

func (r *run) handle(stop tracer.Stop) {
	th := r.threads[stop.TID]
	switch {
	case stop.Ended():
		r.over(th, stop)
		return
	case th == nil:
		if th = r.arrival(stop); th == nil {
			return
		}
	}
	th.last = afterStep
	if r.ending.begun() {
		return // SIGKILL is on its way, and takes it out of any stop
	}
	if th.doing == inBlock && r.handleBlock(th, stop) {
		return
	}
	switch stop.Kind {
	case tracer.SyscallEnter, tracer.SyscallExit:
		r.syscallStop(th)
	case tracer.EventStop:
		r.event(th, stop)
	case tracer.GroupStop:
		r.takeBack(th)
		r.stops++
		th.doing, th.last = inGroupStop, afterSignal
		r.pass(th)
	case tracer.SignalDelivery:
		r.signalStop(th, stop)
	}
}

// arrival meets a tracee that an option has attached. Its first stop can come
// before the event that announces it. Without Follow there is only one way to
// get here: the program has called clone with CLONE_PTRACE. Then we let go.
func (r *run) arrival(stop tracer.Stop) *thread {
	leader := &tracer.Tracee{Started: true}
	tracee := r.tracer.Adopt(stop.TID, leader)
	if !r.cfg.Follow {
		sig := stop.Signal
		if stop.Kind != tracer.SignalDelivery || sig == tracer.SIGSTOP {
			sig = 0
		}
		tracee.Detach(sig)
		return nil
	}
	if r.expected[stop.TID] {
		delete(r.expected, stop.TID)
	} else {
		r.early[stop.TID] = true
	}
	tracee.SetOptions(r.options())
	r.affinity.hold(tracee.TID)
	th := r.meet(tracee)
	th.attached = true
	return th
}

// over takes note of an end.
func (r *run) over(th *thread, stop tracer.Stop) {
	if r.expected[stop.TID] {
		delete(r.expected, stop.TID)
	} else if th == nil && r.cfg.Follow && stop.TID != r.main {
		r.early[stop.TID] = true
	}
	if th != nil && th.last == afterCall && stop.Signal == tracer.SIGSYS {
		r.uncount(th, th.rip) // a filter of seccomp has killed it in place of the call
	}
	delete(r.threads, stop.TID)
	r.ending.started.Remove(stop.TID)
	if stop.TID == r.main {
		r.end = stop
	}
	if th != nil && th.moved != 0 && stop.Kind == tracer.Killed && stop.Signal == tracer.SIGTRAP {
		r.moved = th.moved
	}
	if th != nil && th.pid == stop.TID {
		delete(r.spaces, th.pid)
	}
	if th != nil {
		r.leave(th)
	}
	if r.ending.begun() && stop.Kind == tracer.Killed && stop.Signal == tracer.SIGKILL {
		r.cut = true
	}
}

// count counts one instruction that the thread has executed.
func (r *run) count(th *thread, at tracer.Addr) {
	th.instructions++
	r.instructions++
	if r.cfg.Histogram {
		th.space.hit(at)
	}
	r.limitAndProgress()
}

// uncount takes back a system call.
func (r *run) uncount(th *thread, at tracer.Addr) {
	th.instructions--
	r.instructions--
	r.stops--
	if r.cfg.Histogram {
		*th.space.count(at)--
	}
}

// refused looks at the error of a request. ESRCH is no failure: the thread was
// killed, and wait4 will say so.
func (r *run) refused(err error) bool {
	if err == nil {
		return false
	}
	if !gone(err) {
		r.ending.fail(fmt.Errorf("counting: %w", err))
	}
	return true
}

func gone(err error) bool { return errors.Is(err, syscall.ESRCH) }
