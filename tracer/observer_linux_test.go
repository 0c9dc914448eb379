package tracer_test

import (
	"strings"
	"syscall"
	"testing"

	"ptwalk/asm"
	. "ptwalk/tracer"
	"ptwalk/tracer/user"
)

// The observer sees each call once before and once after, the result included.
func TestObserverSeesEachCall(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		tap := &record{}
		tr.Observer = tap
		c := start(t, tr, asm.Hello64)
		c.PeekUser(user.OrigRAX)
		c.PeekUser(60)
		want := []string{"fork", "PTRACE_TRACEME", "execve", "wait4", "PTRACE_PEEKUSER", "PTRACE_PEEKUSER"}
		if got := strings.Join(tap.names, " "); got != strings.Join(want, " ") {
			t.Errorf("observed %s", got)
		}
		if last := tap.last; last.Result != -int64(syscall.EIO) || last.TID != c.TID || last.Addr != 60 {
			t.Errorf("the last call: %+v", last)
		}
		tr.Observer = nil
	})
}

type record struct {
	names []string
	last  Call
}

func (r *record) Before(*Call) {}

func (r *record) After(c *Call) {
	r.names, r.last = append(r.names, c.Name), *c
}
