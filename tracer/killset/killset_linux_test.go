package killset

import (
	"os"
	"syscall"
	"testing"
	"time"

	"ptwalk/tracer"
)

// patience is how long what has to happen may take.
const patience = 10 * time.Second

// idle starts a cat that waits for input which never comes.
func idle(t *testing.T) tracer.TID {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	t.Cleanup(func() { w.Close() })
	pid, err := syscall.ForkExec("/bin/cat", []string{"cat"}, &syscall.ProcAttr{Files: []uintptr{r.Fd(), 2, 2}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Kill(pid, syscall.SIGKILL) })
	return tracer.TID(pid)
}

// death is the signal that ended a child.
func death(t *testing.T, pid tracer.TID) syscall.Signal {
	t.Helper()
	died := make(chan syscall.WaitStatus)
	go func() {
		var status syscall.WaitStatus
		for {
			if _, err := syscall.Wait4(int(pid), &status, 0, nil); err != syscall.EINTR {
				break
			}
		}
		died <- status
	}()
	select {
	case status := <-died:
		if !status.Signaled() {
			t.Fatalf("process %v ended with status %#x", pid, uint32(status))
		}
		return status.Signal()
	case <-time.After(patience):
		t.Fatalf("process %v lives on", pid)
		return 0
	}
}

func TestKillEndsAllAndWhatComesLater(t *testing.T) {
	for _, spare := range []int{0, 1 << 20} { // by pidfds, and by numbers
		s := Set{Spare: spare}
		pids := []tracer.TID{idle(t), idle(t)}
		for _, pid := range pids {
			s.Add(pid)
		}
		s.Kill()
		late := idle(t)
		s.Add(late)
		for _, pid := range append(pids, late) {
			if sig := death(t, pid); sig != syscall.SIGKILL {
				t.Errorf("process %v died of %v", pid, sig)
			}
			s.Remove(pid)
		}
	}
}

func TestSignalGoesToThoseThatAreNamed(t *testing.T) {
	var s Set
	a, b := idle(t), idle(t)
	s.Add(a)
	s.Add(b)
	s.Signal(tracer.SIGUSR1, a, 1<<30) // nobody has the second number
	s.Remove(a)
	s.Signal(tracer.SIGUSR1, a) // forgotten: it has no pidfd any more
	s.Signal(tracer.SIGINT)
	if sig := death(t, a); sig != syscall.SIGUSR1 {
		t.Errorf("the one that is named died of %v", sig)
	}
	if sig := death(t, b); sig != syscall.SIGINT {
		t.Errorf("the other one died of %v", sig)
	}
}

// The program has the signal first, and from us unless it has had it already. Kill
// comes when the grace is over, here to a program that has not ended by then.
func TestPass(t *testing.T) {
	const sigterm, grace = tracer.Signal(syscall.SIGTERM), 20 * time.Millisecond
	later := time.Now().Add(time.Hour)
	for _, c := range []struct {
		about string
		last  map[tracer.Signal]time.Time // what the program has stopped for
		dies  syscall.Signal
	}{
		{"it had nothing", nil, syscall.SIGTERM},
		{"it had another signal", map[tracer.Signal]time.Time{tracer.SIGINT: later}, syscall.SIGTERM},
		{"it had this one, long ago", map[tracer.Signal]time.Time{sigterm: later.Add(-2 * time.Hour)}, syscall.SIGTERM},
		{"it had this one", map[tracer.Signal]time.Time{sigterm: later}, syscall.SIGKILL},
	} {
		s := Set{last: c.last}
		pid := idle(t)
		s.Add(pid)
		kill := s.Kill
		if c.dies != syscall.SIGKILL {
			kill = func() {} // on a busy machine it would overtake the other one
		}
		s.Pass(sigterm, grace, kill, pid)
		if sig := death(t, pid); sig != c.dies {
			t.Errorf("%s: it died of %v, want %v", c.about, sig, c.dies)
		}
	}
}

func TestSawIsNow(t *testing.T) {
	var s Set
	before := time.Now()
	s.Saw(tracer.SIGINT)
	if !s.seen(tracer.SIGINT, before.Add(-1)) || s.seen(tracer.SIGINT, time.Now()) || s.seen(tracer.SIGTRAP, before) {
		t.Errorf("SIGINT was seen at %v, and it is %v", s.last, time.Now())
	}
}

// What has not happened yet is taken back.
func TestPassIsTakenBack(t *testing.T) {
	var s Set
	pid := idle(t)
	s.Add(pid)
	s.Pass(tracer.SIGINT, time.Hour, func() { t.Error("the grace of an hour is over") }, pid)()
	s.Signal(tracer.SIGUSR1)
	if sig := death(t, pid); sig != syscall.SIGUSR1 {
		t.Errorf("it died of %v", sig)
	}
}

func TestReap(t *testing.T) {
	var s Set
	pid := idle(t)
	s.Add(pid)
	s.Kill()
	s.Reap(patience)
	if len(s.fds) != 0 {
		t.Error("it was not reaped")
	}
	if _, err := syscall.Wait4(int(pid), nil, 0, nil); err != syscall.ECHILD {
		t.Errorf("there is something left to wait for: %v", err)
	}
}
