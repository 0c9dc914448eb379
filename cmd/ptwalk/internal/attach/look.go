package attach

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/render"
	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/doctor"
	"ptwalk/tracer/names"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/seize"
	"ptwalk/tracer/symbols"
)

// threadSnapshot is what a look at one thread has found.
type threadSnapshot struct {
	tid   tracer.TID
	comm  string
	state string // before we came
	regs  tracer.Regs
	code  []byte
	stop  tracer.Stop
	gone  bool   // it ended, or did not stop in time
	busy  string // the call that it waits in, if it did not stop in time
	not   string // why it could not be attached to, where others could

	tracee *tracer.Tracee
	err    error // the first that a request has met
}

// look looks at every thread of a process that we did not start, and leaves it
// as found: SEIZE, INTERRUPT, wait4, look, DETACH. It never steps a thread and
// plants nothing, so that even a SIGKILL of ours leaves the process alive. A
// thread that does not stop within the limit, because it waits in the kernel
// without being interruptible, is let go.
func look(s *stage.Stage, pid int, limit time.Duration) {
	if d, refused := doctor.Pid(pid, 0); refused {
		d.Fix = strings.Replace(d.Fix, "Name the process: ", "Name the process: ptwalk attach ", 1)
		s.Refuse(d)
	}
	if pid == os.Getppid() {
		fmt.Fprintf(render.Screen(os.Stderr), "ptwalk: warning: process %d (%q) is the parent of ptwalk, probably your shell. It stops for a moment.\n", pid, procfs.StatusField(tracer.TID(pid), "Name"))
	}
	before, born := procfs.StatusField(tracer.TID(pid), "State"), procfs.StartTime(tracer.TID(pid))
	owner := procfs.StatusField(tracer.TID(pid), "Uid")
	var where *symbols.Process
	var all []threadSnapshot
	for again, tries := true, 0; again; tries++ {
		if tries == 5 {
			panic(exit.With(exit.Failed, fmt.Errorf("process %d calls execve again and again, each time while we attach to it: try once more", pid)))
		}
		where, _ = symbols.OfProcess(tracer.TID(pid))
		borrow(s, func(b *stage.Stage) {
			b.Briefly(func() { all, again = lookAtThreads(b, pid, limit) })
		})
	}
	settle(pid, before)
	now := procfs.StartTime(tracer.TID(pid))
	another := now != 0 && now != born // the number was used again
	over := another || procfs.Ended(tracer.TID(pid))
	if another || len(all) == 0 || over && !slices.ContainsFunc(all, func(t threadSnapshot) bool { return t.regs != (tracer.Regs{}) }) {
		panic(exit.With(exit.Missing, fmt.Errorf("process %d has ended while we attached to it%s. [PT-NOPID]", pid, howEnded(pid, all))))
	}
	tellProcess(s, pid, before, owner, all, where)
	if over {
		s.Note("It has ended meanwhile%s.", stage.Fact(howEnded(pid, all)))
		return
	}
	s.Note("Left as found. State: %s. TracerPid: %s.", stage.Fact(procfs.StatusField(tracer.TID(pid), "State")), stage.Fact(procfs.StatusField(tracer.TID(pid), "TracerPid")))
}

// lookAtThreads seizes the threads that /proc/PID/task lists, until a pass finds
// no new one, interrupts them all, and looks at each as it stops. No thread is
// held because of another one that does not stop. It has to be done again if the
// process called execve meanwhile: the threads are others then.
func lookAtThreads(s *stage.Stage, pid int, limit time.Duration) (looks []threadSnapshot, again bool) {
	deadline := time.Now().Add(limit)
	var all []*threadSnapshot
	waiting := map[tracer.TID]*threadSnapshot{}
	known := map[tracer.TID]bool{}
	for more := true; more && time.Now().Before(deadline); {
		more = false
		for _, tid := range threads(s, pid) {
			if known[tid] {
				continue
			}
			s.Check()
			known[tid], more = true, true
			found := &threadSnapshot{tid: tid, comm: procfs.StatusField(tid, "Name"), state: procfs.StatusField(tid, "State"), gone: true}
			t, executes, err := seize.Next(s.Tracer, tracer.TID(pid), tid, tids(all), tracer.TraceSysGood)
			switch {
			case executes:
				return nil, true
			case errors.Is(err, syscall.ESRCH):
				continue // it is gone by now
			case err != nil && int(tid) == pid:
				s.Fail(err)
			case err != nil:
				found.not = notAttached(int(tid), err)
				all = append(all, found)
				continue
			}
			found.tracee = t
			all, waiting[tid] = append(all, found), found
		}
	}
	s.Check()
	for _, found := range all {
		if found.tracee != nil {
			found.note(found.tracee.Interrupt())
		}
	}
	deadline = time.Now().Add(limit)
	for len(waiting) > 0 {
		stop, ok := waitAny(s, deadline)
		if !ok {
			break
		}
		if found := waiting[stop.TID]; found != nil {
			delete(waiting, stop.TID)
			found.look(stop)
		}
	}
	for _, found := range waiting {
		found.busy = blockedIn(tracer.TID(pid), found.tid)
	}
	looks = make([]threadSnapshot, len(all))
	for i, found := range all {
		s.Must(found.err)
		looks[i] = *found
	}
	return looks, false
}

// tids are the numbers of threads that were met.
func tids(all []*threadSnapshot) (tids []tracer.TID) {
	for _, found := range all {
		tids = append(tids, found.tid)
	}
	return tids
}

// threads lists the threads of a process. One that has ended has none.
func threads(s *stage.Stage, pid int) []tracer.TID {
	tids, err := seize.Threads(tracer.TID(pid))
	s.Must(err)
	return tids
}

// settle gives the process time to be what it was. DETACH wakes a thread so that
// it goes back by itself to its sleep or to its stop; until then it is running.
func settle(pid int, before string) {
	limit := 100 * time.Millisecond
	if strings.HasPrefix(before, "T") { // it goes back there, and nowhere else
		limit = 5 * time.Second
	}
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); {
		if procfs.StatusField(tracer.TID(pid), "State") == before {
			return
		}
		time.Sleep(100 * time.Microsecond)
	}
}

// notAttached says why a thread of a process could not be attached to.
func notAttached(tid int, err error) string {
	if by := procfs.StatusField(tracer.TID(tid), "TracerPid"); by != "" && by != "0" {
		return "not attached to: traced by " + by
	}
	return "not attached to: " + stage.ErrnoName(err)
}

// look reads what the stop of a thread allows, and lets it go. A signal that was
// on its way is delivered by the DETACH. From the wait4 to there nothing may get
// in between, or that signal would be lost.
func (t *threadSnapshot) look(stop tracer.Stop) {
	t.stop = stop
	if stop.Ended() {
		return
	}
	t.gone = false
	var err error
	if t.regs, err = t.tracee.GetRegs(); err == nil {
		code := make([]byte, 64)
		n, _ := t.tracee.ReadAt(code, tracer.Addr(t.regs.RIP))
		t.code = code[:n]
	}
	t.note(err)
	t.note(t.tracee.LetGo())
}

// note keeps the first error. ESRCH is none: the thread was killed.
func (t *threadSnapshot) note(err error) {
	if t.err == nil && !errors.Is(err, syscall.ESRCH) {
		t.err = err
	}
}

// waitAny waits for a stop of any thread. It polls, so that a thread that never
// stops and a Ctrl-C both have a way out. The polls fold into one call.
func waitAny(s *stage.Stage, deadline time.Time) (stop tracer.Stop, ok bool) {
	var err error
	s.Loop(func() {
		for pause := 20 * time.Microsecond; ; pause = min(2*pause, 5*time.Millisecond) {
			if stop, ok, err = s.Tracer.Poll(tracer.Any); ok || err != nil || time.Now().After(deadline) {
				return
			}
			s.Check()
			time.Sleep(pause)
		}
	})
	if !errors.Is(err, syscall.ECHILD) { // the threads that are left have ended
		s.Must(err)
	}
	return stop, ok
}

func tellProcess(s *stage.Stage, pid int, before, owner string, all []threadSnapshot, where *symbols.Process) {
	s.Note("Process %v is %s, of user id %s. Threads: %d. Its state was: %s.", tracer.TID(pid),
		stage.Fact(strconv.Quote(all[0].comm)), stage.Fact(firstField(owner)), len(all), stage.Fact(before))
	var rows [][]any
	for _, t := range all {
		rows = append(rows, []any{t.tid, stage.Fact(strconv.Quote(t.comm)), stage.Fact(t.call()), stage.Fact(t.place(where))})
	}
	s.Table("Its threads", []event.Column{{Name: "thread"}, {Name: "name"}, {Name: "in"}, {Name: "at"}}, rows)
	first := all[0]
	if !first.gone {
		s.Note("The registers of the first thread:")
		s.Emit(&event.Regs{TID: first.tid, Regs: first.regs})
		code, at := first.code, tracer.Addr(first.regs.RIP)
		if len(code) > 0 {
			s.Note("Its next instructions:")
		}
		for i := 0; i < 4 && len(code) > 0; i++ {
			inst := disasm.Decode(code, at, first.regs.Arch())
			s.Emit(&event.Instruction{TID: first.tid, Addr: at, Bytes: inst.Bytes, Text: inst.Text})
			code, at = code[len(inst.Bytes):], at+tracer.Addr(len(inst.Bytes))
		}
	}
}

// howEnded is the end of the process, if we were told of it: ": killed by
// SIGKILL (wait status 0x00000009)".
func howEnded(pid int, all []threadSnapshot) string {
	for _, t := range all {
		if int(t.tid) == pid && t.stop.Ended() {
			return fmt.Sprintf(": %s (wait status %v)", t.stop.Said(), t.stop.Status)
		}
	}
	return ""
}

// call is the system call that the thread is in. orig_rax is -1 outside one.
func (t *threadSnapshot) call() string {
	switch {
	case t.not != "":
		return t.not
	case t.stop.Ended():
		return "ended"
	case t.gone && t.busy != "":
		return "did not stop: " + t.state + ", in " + t.busy
	case t.gone:
		return "did not stop: " + t.state
	case t.stop.Kind == tracer.GroupStop:
		return "stopped by " + t.stop.Signal.String()
	case int64(t.regs.OrigRAX) < 0:
		return "user mode"
	}
	name := names.SyscallName(t.regs.Arch(), int64(t.regs.OrigRAX))
	if name == "" {
		return fmt.Sprintf("system call %d", int64(t.regs.OrigRAX))
	}
	return name
}

func (t *threadSnapshot) place(where *symbols.Process) string {
	if t.gone {
		return ""
	}
	at := tracer.Addr(t.regs.RIP)
	if where != nil {
		if sym, off, ok := where.Find(at); ok {
			return sym.At(off) + " in " + sym.Object
		}
		return at.String() + " in " + where.Object(at)
	}
	return at.String()
}

func firstField(s string) string {
	f := strings.Fields(s)
	if len(f) == 0 {
		return "?"
	}
	return f[0]
}
