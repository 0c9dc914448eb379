package killset

import (
	"os"
	"sync"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
)

// Family is what a program has started, and what that has started. It is ended with
// the program where a tracer ends it, and stays where the program ends by itself. All
// methods may be called from any goroutine; a nil *Family has no members.
//
// Whose parent has ended belongs to it too: a daemon. The kernel gives it to the
// nearest ancestor that asks for such children, PR_SET_CHILD_SUBREAPER of prctl(2),
// and that are we. So as long as we live, we are the parent of who has lost its own.
type Family struct {
	mu     sync.Mutex
	adopts bool                // we are the parent of orphans
	others map[int]bool        // children of ours that we have not started as a program
	known  map[int]procfs.Stat // members that were found
	begun  sync.Once           // the program has started
	over   chan struct{}       // closed when no more orphans are reaped
}

// reapEvery is how often we look for orphans that have ended.
const reapEvery = 500 * time.Millisecond

// Expect prepares for the family of a program that is started next. It is nil where
// /proc does not tell who belongs to it.
//
// Where we have children already, as after an exec of a shell, we do not ask for
// orphans: theirs could not be told from those of the program, whose daemons then
// live on.
func Expect() *Family {
	if !procfs.IsOurs() {
		return nil
	}
	f := &Family{others: map[int]bool{}, known: map[int]procfs.Stat{}, over: make(chan struct{})}
	for _, p := range procfs.Processes() {
		if p.PPid == os.Getpid() {
			f.others[p.Pid] = true
		}
	}
	f.adopts = len(f.others) == 0 && adoptOrphans(true)
	return f
}

// begin begins to reap orphans. The program has started: what has ended before it was
// traced could not be told from them.
func (f *Family) begin() {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.adopts {
		f.begun.Do(func() { go f.reapUntil(f.over) })
	}
}

// reapUntil reaps orphans that end meanwhile.
func (f *Family) reapUntil(over <-chan struct{}) {
	tick := time.NewTicker(reapEvery)
	defer tick.Stop()
	for {
		select {
		case <-over:
			return
		case <-tick.C:
			f.reap()
		}
	}
}

// reap reaps those of our children that have ended, but for tracees, whose end the
// tracer waits for.
func (f *Family) reap() {
	for _, pid := range childrenOf(os.Getpid()) {
		stat, there := procfs.StatOf(tracer.TID(pid))
		if there && stat.State == 'Z' && !f.others[pid] && procfs.StatusField(tracer.TID(pid), "TracerPid") == "0" {
			reaped(tracer.TID(pid))
		}
	}
}

// Kill kills the members that are there now, those of programs that have not ended
// included. The programs themselves may be among them.
func (f *Family) Kill(programs ...tracer.TID) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kill(programs)
}

// kill is Kill, and says how many have not ended.
func (f *Family) kill(programs []tracer.TID) (alive int) {
	belongs := map[int]bool{}
	for _, pid := range programs {
		belongs[int(pid)] = true
	}
	all := procfs.Processes()
	for _, p := range all {
		if known, is := f.known[p.Pid]; is && known.Start == p.Start || f.adopts && p.PPid == os.Getpid() && !f.others[p.Pid] {
			belongs[p.Pid] = true
		}
	}
	for more := true; more; {
		more = false
		for _, p := range all {
			if belongs[p.PPid] && !belongs[p.Pid] {
				belongs[p.Pid], more = true, true
			}
		}
	}
	for _, p := range all {
		if belongs[p.Pid] && p.State != 'Z' && p.State != 'X' && p.Pid != os.Getpid() {
			f.known[p.Pid] = p
			killExactly(p)
			alive++
		}
	}
	return alive
}

// killExactly kills the process that was seen, and no other that has its number now.
func killExactly(p procfs.Stat) {
	fd := openPidfd(tracer.TID(p.Pid), 0)
	defer fd.close()
	if now, there := procfs.StatOf(tracer.TID(p.Pid)); there && now.Start == p.Start {
		fd.send(tracer.SIGKILL)
	}
}

// End is for the end of the program. If kill is true its family is ended, and we wait
// for that as long as the limit.
func (f *Family) End(kill bool, limit time.Duration) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for begin := time.Now(); kill && f.kill(nil) > 0 && time.Since(begin) < limit; time.Sleep(time.Millisecond) {
		f.reap()
	}
	if f.adopts {
		close(f.over)
		f.reap()
		f.adopts = false
		adoptOrphans(false)
	}
}
