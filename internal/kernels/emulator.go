package main

import "slices"

// exception is a test that fails because of the emulator, or because the guest
// has busybox alone, and passes elsewhere. A test of the list that passes fails
// the laboratory: the list is no longer than it has to be.
type exception struct {
	test   string   // the package's folder, and the test
	series []string // of kernels; all, if there are none
	why    string   // what is otherwise there
}

func (x exception) on(k kernel) bool {
	return len(x.series) == 0 || slices.Contains(x.series, k.Series)
}

var emulator = []exception{
	{"tracer/count TestG09IcebpIsTheProgramsOwnTrap", nil, "the emulator does not know icebp (f1): SIGILL in the place of SIGTRAP"},
	{"tracer/count TestG09IcebpEndsAsNatively", nil, "as above"},
	{"tracer/count TestPartsAddUp", nil, "the shell of busybox carries out true itself, so that there is no second program"},
	{"tracer/count TestG15EqualsStepiOfGdb", nil, "there is no gdb in the guest"},
}
