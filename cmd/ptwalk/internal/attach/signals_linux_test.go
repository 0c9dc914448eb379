package attach

import (
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
)

// Signals to the process and to us.

// The process is attached to again and again while the signals come: three times
// all of them, and on until five attaches were done.
func TestD01EverySignalOnceWhileAttached(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	h := cmdtest.StartHandlers(t, "")
	var attached atomic.Int32
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			default:
			}
			if out, err := exec.Command("ptwalk", "attach", h.String()).CombinedOutput(); err != nil {
				t.Errorf("attach: %v\n%s", err, out)
				return
			}
			attached.Add(1)
		}
	}()
	begin := time.Now()
	for n := 0; (n < 3 || attached.Load() < 5) && !t.Failed(); n++ {
		if time.Since(begin) > cmdtest.Limit {
			t.Errorf("attached to %d times within %v", attached.Load(), cmdtest.Limit)
		}
		h.SendAll()
	}
	close(done)
	<-ended
	if status := h.End(); status != 0 {
		t.Errorf("status %d, want 0", status)
	}
}

func TestE02SignalsWhileAttached(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	r := cmdtest.Seeded(t)
	k := cmdtest.Tickers(t)
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		for range 12 {
			j := cmdtest.Start(t, []string{"ptwalk", "attach", k.String()})
			time.Sleep(cmdtest.AnyMoment(r))
			j.Signal(sig)
			sent := time.Now()
			e := j.End()
			if took := time.Since(sent); took > cmdtest.Soon {
				t.Errorf("it ended %v after %v", took, sig)
			}
			if !e.EndedBy(sig) {
				t.Errorf("after %v: status %d\n%s", sig, e.Status, e.Stderr)
			}
			e.LeftNothing(t)
			k.Runs()
		}
	}
	k.Unharmed()
}
