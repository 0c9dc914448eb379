package count

import "testing"

// Threads that wait with time-outs for each other get to their end, though a step
// takes a large part of such a time: whoever has what they wait for goes on.
func TestThreadsThatHandALockOn(t *testing.T) {
	path := handoff.path(t)
	for _, shape := range [][]string{{"2", "200"}, {"3", "100"}, {"8", "20"}, {"3", "100"}, {"2", "200"}} {
		res := runConfig(t, Config{Command: command(path, shape...), Follow: true})
		wantExit(t, res, 6)
		t.Logf("%v: %d instructions, %d futex calls", shape, res.Instructions, res.Syscalls["futex"])
	}
}

// What no option attaches runs beside the count, and the result says that it did.
func TestChildThatIsNotToBeTraced(t *testing.T) {
	res := runConfig(t, Config{Command: command(untraced.path(t)), Follow: true})
	wantExit(t, res, 7)
	if res.Untraced != 1 || len(res.ByThread) != 2 {
		t.Errorf("%d made with CLONE_UNTRACED, threads %v; want 1, and two that count", res.Untraced, res.ByThread)
	}
}
