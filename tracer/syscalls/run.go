package syscalls

import (
	"errors"
	"syscall"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/deathsig"
	"ptwalk/tracer/killset"
	"ptwalk/tracer/procfs"
)

// spare is how many descriptors stay free for what is read in /proc.
const spare = 12

// run is one run from start to end. It belongs to the tracer's thread, but for ending.
type run struct {
	cfg     Config
	tracer  tracer.Tracer
	main    tracer.TID // the program that we have started, or the process
	threads map[tracer.TID]*thread

	expected map[tracer.TID]bool // announced by its parent's event, not seen yet
	early    map[tracer.TID]bool // seen, not announced by its parent's event yet

	calls   uint64
	end     tracer.Stop
	dropped bool // the program is no longer killed by PR_SET_PDEATHSIG
	ending
}

// thread is one tracee.
type thread struct {
	*tracer.Tracee
	inCall  bool // between the stops of a call
	counts  bool // that call counts for the limit
	grouped bool // it is in group-stop, and was not seized
	born    bool // the SIGSTOP by which the kernel has attached it is still to come
	nr      int64
	before  int64        // the call that was interrupted, -1 for none
	own     *tracer.Regs // of its first call, while it makes one of ours
}

func newRun(cfg Config) *run {
	r := &run{
		cfg:      cfg,
		threads:  map[tracer.TID]*thread{},
		expected: map[tracer.TID]bool{},
		early:    map[tracer.TID]bool{},
		ending:   ending{started: killset.Set{Spare: spare}, left: make(chan struct{})},
	}
	r.started.With(cfg.Family)
	return r
}

// work does all that the tracer's thread does.
func (r *run) work() error {
	begin := r.start
	if r.cfg.PID != 0 {
		begin = r.attach
	}
	if err := begin(); err != nil {
		return err
	}
	return r.loop()
}

func (r *run) options() tracer.Option {
	o := tracer.TraceSysGood | tracer.TraceExec
	if r.cfg.PID == 0 {
		o |= tracer.ExitKill
	}
	if r.cfg.Follow {
		o |= tracer.TraceFork | tracer.TraceVfork | tracer.TraceClone
	}
	return o
}

// start starts the program and takes it to its stop of execve.
func (r *run) start() error {
	tracee, err := r.tracer.Start(r.cfg.Command)
	if err != nil {
		return &StartError{err}
	}
	r.main = tracee.TID
	r.started.Add(tracee.TID)
	if r.cfg.Started != nil {
		r.cfg.Started()
	}
	stop, err := r.tracer.Wait(tracee.TID)
	if err == nil && stop.Ended() {
		r.started.Remove(tracee.TID)
		r.end = stop
		if stop.Kind == tracer.Killed {
			r.cfg.Observer.Ended(stop)
			return nil // by a signal, before its execve
		}
		return ErrUnseen
	}
	if err == nil {
		err = tracee.SetOptions(r.options())
	}
	if err != nil && !gone(err) {
		r.started.Kill()
		return err
	}
	th := r.meet(tracee)
	r.cfg.Observer.Executed(tracee.TID, r.cfg.Command)
	r.counted(true)
	r.goOn(th, 0)
	return nil
}

func (r *run) meet(tracee *tracer.Tracee) *thread {
	th := &thread{Tracee: tracee, nr: -1, before: -1}
	r.threads[tracee.TID] = th
	if pid := procfs.Process(tracee.TID); r.cfg.PID == 0 && pid == tracee.TID && pid != r.main {
		r.started.Add(pid)
	}
	return th
}

// loop waits for stops and answers each, until there is nothing to wait for.
func (r *run) loop() error {
	for !r.done() {
		stop, ok, err := r.wait()
		switch {
		case errors.Is(err, syscall.ECHILD):
			return nil
		case err != nil:
			r.started.Kill()
			return err
		case ok && r.cfg.PID == 0:
			err = r.handle(stop)
		}
		if err != nil {
			r.started.Kill()
			return err
		}
	}
	return nil
}

// done says whether nothing is left to wait for, of what we have started. Orphans may be
// our children too.
func (r *run) done() bool {
	return r.cfg.PID == 0 && r.end.Ended() && len(r.threads) == 0 && len(r.expected) == 0
}

// wait waits for the next stop. Of a process that we have not started a stop is handled
// in the moment in which it is taken: see handleNext. Nothing reports the SIGCONT that
// ends the group-stop of a thread that was not seized: /proc has to be asked.
func (r *run) wait() (tracer.Stop, bool, error) {
	if r.cfg.PID != 0 {
		err := r.tracer.Await()
		if err == nil {
			err = r.handleNext()
		}
		return tracer.Stop{}, false, err
	}
	grouped := false
	for _, th := range r.threads {
		grouped = grouped || th.grouped
	}
	if !grouped {
		stop, err := r.tracer.Wait(tracer.Any)
		return stop, true, err
	}
	stop, ok, err := r.tracer.Poll(tracer.Any)
	if ok || err != nil {
		return stop, ok, err
	}
	time.Sleep(groupPoll)
	for _, th := range r.threads {
		if th.grouped && procfs.LeavesGroupStop(th.TID) {
			th.grouped = false
			if err := r.goOn(th, 0); err != nil {
				return stop, false, err
			}
		}
	}
	return stop, false, nil
}

// groupPoll is how often a thread in group-stop is looked at.
const groupPoll = 10 * time.Millisecond

// handleNext takes a stop and answers it. Nothing may get in between, or the signal of
// the stop would be lost: who wants to end waits for the lock.
func (r *run) handleNext() error {
	r.handling.Lock()
	defer r.handling.Unlock()
	stop, ok, err := r.tracer.Poll(tracer.Any)
	if ok && err == nil {
		err = r.handle(stop)
	}
	return err
}

// gone is no failure: SIGKILL takes a thread away at any moment, and wait4 will say so.
func gone(err error) bool { return errors.Is(err, syscall.ESRCH) }

// goOn restarts a thread up to its next stop, with a signal or 0, or lets it go where
// that is what is wanted now.
func (r *run) goOn(th *thread, sig tracer.Signal) error {
	var err error
	if r.leaves() {
		err = r.letGo(th, sig)
	} else {
		err = th.Syscall(sig)
	}
	if gone(err) {
		return nil
	}
	return err
}

// leaves says whether threads are let go at their stops. A program keeps the tracer
// until it has lost the death signal.
func (r *run) leaves() bool { return r.leaving.Load() && (r.cfg.PID != 0 || r.dropped) }

func (r *run) letGo(th *thread, sig tracer.Signal) error {
	err := th.Detach(sig)
	delete(r.threads, th.TID)
	if !r.quiet {
		r.cfg.Observer.Left(th.TID)
	}
	return err
}

// counted counts a call, and ends the tracing at the limit.
func (r *run) counted(counts bool) {
	if counts {
		r.calls++
	}
	if counts && r.calls == r.cfg.Limit || r.cfg.Observer.Lost() {
		r.leave()
	}
}

// dropDeathSignal is at the entry to a system call. It says whether another call is made
// there in its place.
func (r *run) dropDeathSignal(th *thread, arch tracer.Arch) (bool, error) {
	if r.dropped || r.cfg.PID != 0 {
		return false, nil
	}
	own, err := deathsig.Drop(th.Tracee, arch)
	if err != nil {
		return true, err
	}
	th.own = &own
	return true, th.Syscall(0)
}

// ownCall is at the exit from the call in its place.
func (r *run) ownCall(th *thread) error {
	err := deathsig.Return(th.Tracee, *th.own)
	th.own, r.dropped = nil, true
	if err != nil {
		return err
	}
	return r.goOn(th, 0)
}
