package tracer

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestC01Decode(t *testing.T) {
	for _, c := range []struct {
		status Status
		seized bool
		want   Stop
		name   string
	}{
		{0x0000, false, Stop{Kind: Exited}, "exited"},
		{0x2a00, false, Stop{Kind: Exited, ExitCode: 42}, "exited"},
		{0xff00, false, Stop{Kind: Exited, ExitCode: 255}, "exited"},
		{0x0009, false, Stop{Kind: Killed, Signal: SIGKILL}, "killed"},
		{0x000b, false, Stop{Kind: Killed, Signal: SIGSEGV}, "killed"},
		{0x008b, false, Stop{Kind: Killed, Signal: SIGSEGV, CoreDumped: true}, "killed"},
		{0x0040, false, Stop{Kind: Killed, Signal: 64}, "killed"},
		{0x057f, false, Stop{Kind: SignalDelivery, Signal: SIGTRAP}, "signal-delivery-stop"},
		{0x0b7f, false, Stop{Kind: SignalDelivery, Signal: SIGSEGV}, "signal-delivery-stop"},
		{0x137f, false, Stop{Kind: SignalDelivery, Signal: SIGSTOP}, "signal-delivery-stop"},
		{0x137f, true, Stop{Kind: SignalDelivery, Signal: SIGSTOP}, "signal-delivery-stop"},
		{0x407f, false, Stop{Kind: SignalDelivery, Signal: 64}, "signal-delivery-stop"},
		{0x857f, false, Stop{Kind: SyscallEnter, Signal: SIGTRAP, SysGood: true}, "syscall-enter-stop"},
		{0x80137f, true, Stop{Kind: GroupStop, Signal: SIGSTOP, Event: 128}, "group-stop"},
		{0x80147f, true, Stop{Kind: GroupStop, Signal: SIGTSTP, Event: 128}, "group-stop"},
		{0x80057f, true, Stop{Kind: EventStop, Signal: SIGTRAP, Event: 128}, "PTRACE_EVENT_STOP stop"},
		{0x1057f, false, Stop{Kind: EventStop, Signal: SIGTRAP, Event: EventFork}, "PTRACE_EVENT_FORK stop"},
		{0x2057f, false, Stop{Kind: EventStop, Signal: SIGTRAP, Event: EventVfork}, "PTRACE_EVENT_VFORK stop"},
		{0x3057f, false, Stop{Kind: EventStop, Signal: SIGTRAP, Event: EventClone}, "PTRACE_EVENT_CLONE stop"},
		{0x4057f, false, Stop{Kind: EventStop, Signal: SIGTRAP, Event: EventExec}, "PTRACE_EVENT_EXEC stop"},
		{0x5057f, false, Stop{Kind: EventStop, Signal: SIGTRAP, Event: EventVforkDone}, "PTRACE_EVENT_VFORK_DONE stop"},
		{0x6057f, false, Stop{Kind: EventStop, Signal: SIGTRAP, Event: EventExit}, "PTRACE_EVENT_EXIT stop"},
		{0x7057f, false, Stop{Kind: EventStop, Signal: SIGTRAP, Event: EventSeccomp}, "PTRACE_EVENT_SECCOMP stop"},
		{0xffff, false, Stop{Kind: ContinuedProcess}, "continued"},
		{0x007f, false, Stop{Kind: Unknown}, "unknown"},
		{0x0100ff, false, Stop{Kind: Unknown}, "unknown"},
	} {
		c.want.TID, c.want.Status = 7, c.status
		got := decode(7, c.status, c.seized)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("decode(%v, seized %v) (-want +got):\n%s", c.status, c.seized, diff)
		}
		if got.Name() != c.name {
			t.Errorf("decode(%v).Name() = %q, want %q", c.status, got.Name(), c.name)
		}
	}
}

// FuzzDecode holds what is true of every status: a name, and no request is
// possible after an end.
func FuzzDecode(f *testing.F) {
	for _, s := range []uint32{0, 0x57f, 0x857f, 0x80137f, 0x4057f, 0x8b, 0xffff} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, status uint32, seized bool) {
		s := decode(1, Status(status), seized)
		if s.Name() == "" {
			t.Errorf("%#x has no name", status)
		}
		if s.Ended() && status&0xff == 0x7f {
			t.Errorf("%#x is a stop, and decoded as an end", status)
		}
		if s.Kind == Killed && (s.Signal == 0 || s.Signal == 0x7f) {
			t.Errorf("%#x: killed by signal %d", status, s.Signal)
		}
		if s.Kind != Unknown && s.Kind != ContinuedProcess && encode(s) != status {
			t.Errorf("%#x decodes to %+v, which is %#x", status, s, encode(s))
		}
	})
}

// encode is the way back, from the C macros of <sys/wait.h>.
func encode(s Stop) uint32 {
	switch s.Kind {
	case Exited:
		return uint32(s.ExitCode) << 8
	case Killed:
		core := uint32(0)
		if s.CoreDumped {
			core = 0x80
		}
		return uint32(s.Signal) | core
	}
	good := uint32(0)
	if s.SysGood {
		good = 0x80
	}
	return uint32(s.Event)<<16 | (uint32(s.Signal)|good)<<8 | 0x7f
}
