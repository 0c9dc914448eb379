package attach

import (
	"testing"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
)

// A thread that has called vfork waits for its child: the last one that was born.
func TestBlockedName(t *testing.T) {
	type tids = []tracer.TID
	const vforkFlags, forkFlags = 0x4111, 0x11
	for _, c := range []struct {
		nr, flags int64
		children  tids
		arch      tracer.Arch
		want      string
	}{
		{58, 1, tids{4212}, tracer.X8664, "vfork, waits for 4212"},
		{58, 1, tids{4210, 4212}, tracer.X8664, "vfork, waits for 4212"},
		{58, 1, nil, tracer.X8664, "vfork"},
		{190, 0, tids{7}, tracer.I386, "vfork, waits for 7"},
		{56, vforkFlags, tids{7}, tracer.X8664, "clone, waits for 7"},
		{56, forkFlags, tids{7}, tracer.X8664, "clone"},
		{435, 0x7ffd0, tids{7}, tracer.X8664, "clone3, waits for 7"},
		{35, 0x7ffd0, tids{7}, tracer.X8664, "nanosleep"},
		{99999, 0, nil, tracer.X8664, ""},
	} {
		call := procfs.Syscall{Nr: c.nr, Args: [6]uint64{uint64(c.flags)}}
		if got := blockedName(call, c.children, c.arch); got != c.want {
			t.Errorf("%+v: %q, want %q", c, got, c.want)
		}
	}
}
