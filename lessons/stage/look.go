package stage

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/doctor"
	"ptwalk/tracer/names"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/symbols"
)

// seen is what a look at one thread has found.
type seen struct {
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

// Look looks at every thread of a process that we did not start, and leaves it
// as found: SEIZE, INTERRUPT, wait4, look, DETACH. It never steps a thread and
// plants nothing, so that even a SIGKILL of ours leaves the process alive. A
// thread that does not stop within the limit, because it waits in the kernel
// without being interruptible, is let go.
func (s *Stage) Look(pid int, limit time.Duration) {
	if d, refused := doctor.Pid(pid, 0); refused {
		d.Fix = strings.Replace(d.Fix, "Name the process: ", "Name the process: ptwalk attach ", 1)
		s.refuse(d)
	}
	if pid == os.Getppid() {
		fmt.Fprintf(Screen(os.Stderr), "ptwalk: warning: process %d (%q) is the parent of ptwalk, probably your shell. It stops for a moment.\n", pid, procStatus(pid, "Name"))
	}
	before, born := procStatus(pid, "State"), procfs.StartTime(tracer.TID(pid))
	owner := procStatus(pid, "Uid")
	var where *symbols.Process
	var all []seen
	for again, tries := true, 0; again; tries++ {
		if tries == 5 {
			panic(&Failure{ExitFailed, fmt.Errorf("process %d calls execve again and again, each time while we attach to it: try once more", pid)})
		}
		where, _ = symbols.OfProcess(tracer.TID(pid))
		s.Borrow(func(b *Stage) {
			b.Briefly(func() { all, again = b.lookAtThreads(pid, limit) })
		})
	}
	settle(pid, before)
	now := procfs.StartTime(tracer.TID(pid))
	another := now != 0 && now != born // the number was used again
	over := another || ended(pid)
	if another || len(all) == 0 || over && !slices.ContainsFunc(all, func(t seen) bool { return t.regs != (tracer.Regs{}) }) {
		panic(&Failure{ExitMissing, fmt.Errorf("process %d has ended while we attached to it%s. [PT-NOPID]", pid, howEnded(pid, all))})
	}
	s.tellProcess(pid, before, owner, all, where)
	if over {
		s.Note("It has ended meanwhile%s.", Fact(howEnded(pid, all)))
		return
	}
	s.Note("Left as found. State: %s. TracerPid: %s.", Fact(procStatus(pid, "State")), Fact(procStatus(pid, "TracerPid")))
}

// lookAtThreads seizes the threads that /proc/PID/task lists, until a pass finds
// no new one, interrupts them all, and looks at each as it stops. No thread is
// held because of another one that does not stop. It has to be done again if the
// process called execve meanwhile: the threads are others then.
func (s *Stage) lookAtThreads(pid int, limit time.Duration) (looks []seen, again bool) {
	deadline := time.Now().Add(limit)
	var all []*seen
	waiting := map[tracer.TID]*seen{}
	known := map[tracer.TID]bool{}
	for more := true; more && time.Now().Before(deadline); {
		more = false
		for _, tid := range s.tasksOf(pid) {
			if known[tid] {
				continue
			}
			s.check()
			known[tid], more = true, true
			found := &seen{tid: tid, comm: procStatus(int(tid), "Name"), state: procStatus(int(tid), "State"), gone: true}
			t, executes, err := s.seizeNext(pid, tid, all)
			switch {
			case executes:
				return nil, true
			case errors.Is(err, syscall.ESRCH):
				continue // it is gone by now
			case err != nil && int(tid) == pid:
				s.fail(err)
			case err != nil:
				found.not = notAttached(int(tid), err)
				all = append(all, found)
				continue
			}
			found.tracee = t
			all, waiting[tid] = append(all, found), found
		}
	}
	s.check()
	for _, found := range all {
		if found.tracee != nil {
			found.note(found.tracee.Interrupt())
		}
	}
	deadline = time.Now().Add(limit)
	for len(waiting) > 0 {
		stop, ok := s.waitAny(deadline)
		if !ok {
			break
		}
		if found := waiting[stop.TID]; found != nil {
			delete(waiting, stop.TID)
			found.look(stop)
		}
	}
	for _, found := range waiting {
		found.busy = blockedIn(pid, found.tid)
	}
	looks = make([]seen, len(all))
	for i, found := range all {
		s.must(found.err)
		looks[i] = *found
	}
	return looks, false
}

// seizeNext attaches to one more thread. When that takes long, the process is in
// execve: the kernel lets nobody attach until the execve has ended, and that waits
// until the threads that it killed are reaped. Those that we have are reaped
// meanwhile, from a thread of ours that does not wait. The first thread of the
// process is not: execve does that itself, and else its status is the end of the
// process.
func (s *Stage) seizeNext(pid int, tid tracer.TID, have []*seen) (t *tracer.Tracee, executes bool, err error) {
	const long = 20 * time.Millisecond
	over, reaped := make(chan struct{}), make(chan bool)
	go func() {
		any := false
		for {
			select {
			case <-over:
				reaped <- any
				return
			case <-time.After(long):
			}
			for _, found := range have {
				if int(found.tid) != pid && ended(int(found.tid)) && tracer.Reap(found.tid) {
					any = true
				}
			}
		}
	}()
	t, err = s.Tracer.Seize(tid, tracer.TraceSysGood)
	close(over)
	return t, <-reaped && !ended(pid), err
}

// ended says whether nothing is left of a process or a thread but its status.
func ended(id int) bool {
	state := procStatus(id, "State")
	return state == "" || strings.HasPrefix(state, "Z") || strings.HasPrefix(state, "X")
}

// tasksOf lists the threads of a process. One that has ended has none.
func (s *Stage) tasksOf(pid int) []tracer.TID {
	tids, err := listTasks(pid)
	if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ESRCH) {
		s.must(err)
	}
	return tids
}

func (s *Stage) must(err error) {
	if err != nil {
		s.fail(err)
	}
}

// settle gives the process time to be what it was. DETACH wakes a thread so that
// it goes back by itself to its sleep or to its stop; until then it is running.
func settle(pid int, before string) {
	for deadline := time.Now().Add(100 * time.Millisecond); time.Now().Before(deadline); {
		if procStatus(pid, "State") == before {
			return
		}
		time.Sleep(100 * time.Microsecond)
	}
}

// notAttached says why a thread of a process could not be attached to.
func notAttached(tid int, err error) string {
	if by := procStatus(tid, "TracerPid"); by != "" && by != "0" {
		return "not attached to: traced by " + by
	}
	return "not attached to: " + ErrnoName(err)
}

// look reads what the stop of a thread allows, and lets it go. A signal that was
// on its way is delivered by the DETACH. From the wait4 to there nothing may get
// in between, or that signal would be lost.
func (t *seen) look(stop tracer.Stop) {
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
func (t *seen) note(err error) {
	if t.err == nil && !errors.Is(err, syscall.ESRCH) {
		t.err = err
	}
}

// waitAny waits for a stop of any thread. It polls, so that a thread that never
// stops and a Ctrl-C both have a way out. The polls fold into one call.
func (s *Stage) waitAny(deadline time.Time) (stop tracer.Stop, ok bool) {
	var err error
	s.Loop(func() {
		for pause := 20 * time.Microsecond; ; pause = min(2*pause, 5*time.Millisecond) {
			if stop, ok, err = s.Tracer.Poll(tracer.Any); ok || err != nil || time.Now().After(deadline) {
				return
			}
			s.check()
			time.Sleep(pause)
		}
	})
	if !errors.Is(err, syscall.ECHILD) { // the threads that are left have ended
		s.must(err)
	}
	return stop, ok
}

func (s *Stage) tellProcess(pid int, before, owner string, all []seen, where *symbols.Process) {
	s.Note("Process %v is %s, of user id %s. Threads: %d. Its state was: %s.", tracer.TID(pid),
		Fact(strconv.Quote(all[0].comm)), Fact(firstField(owner)), len(all), Fact(before))
	var rows [][]any
	for _, t := range all {
		rows = append(rows, []any{t.tid, Fact(strconv.Quote(t.comm)), Fact(t.call()), Fact(t.place(where))})
	}
	s.Table("Its threads", []Column{{Name: "thread"}, {Name: "name"}, {Name: "in"}, {Name: "at"}}, rows)
	first := all[0]
	if !first.gone {
		s.Note("The registers of the first thread:")
		s.emit(&RegsEvent{TID: first.tid, Regs: first.regs})
		code, at := first.code, tracer.Addr(first.regs.RIP)
		if len(code) > 0 {
			s.Note("Its next instructions:")
		}
		for i := 0; i < 4 && len(code) > 0; i++ {
			inst := disasm.Decode(code, at, first.regs.Arch())
			s.emit(&InstructionEvent{TID: first.tid, Addr: at, Bytes: inst.Bytes, Text: inst.Text})
			code, at = code[len(inst.Bytes):], at+tracer.Addr(len(inst.Bytes))
		}
	}
}

// howEnded is the end of the process, if we were told of it: ": killed by
// SIGKILL (wait status 0x00000009)".
func howEnded(pid int, all []seen) string {
	for _, t := range all {
		if int(t.tid) == pid && t.stop.Ended() {
			how := t.stop.Name()
			if t.stop.Kind == tracer.Killed {
				how += " by " + t.stop.Signal.String()
			}
			return fmt.Sprintf(": %s (wait status %v)", how, t.stop.Status)
		}
	}
	return ""
}

// call is the system call that the thread is in. orig_rax is -1 outside one.
func (t *seen) call() string {
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

func (t *seen) place(where *symbols.Process) string {
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

func taskIDs(pid int) []tracer.TID {
	tids, _ := listTasks(pid)
	return tids
}

// listTasks lists the threads of a process, the first one first and the others by
// their numbers. A younger one has the smaller number where the kernel began anew.
func listTasks(pid int) ([]tracer.TID, error) {
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	var tids []tracer.TID
	for _, e := range entries {
		if n, err := strconv.Atoi(e.Name()); err == nil {
			tids = append(tids, tracer.TID(n))
		}
	}
	slices.SortFunc(tids, func(a, b tracer.TID) int {
		switch tracer.TID(pid) {
		case a:
			return -1
		case b:
			return 1
		}
		return cmp.Compare(a, b)
	})
	return tids, err
}

// procStatus is one field of /proc/PID/status, or "".
func procStatus(pid int, field string) string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return ""
	}
	return statusField(string(text), field)
}

func statusField(text, field string) string {
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(line, ":"); ok && name == field {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func firstField(s string) string {
	f := strings.Fields(s)
	if len(f) == 0 {
		return "?"
	}
	return f[0]
}
