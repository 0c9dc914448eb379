package count

import (
	"slices"
	"testing"

	"ptwalk/asm"
	"ptwalk/tracer"
)

// Each way to divide the instructions divides all of them.
func TestPartsAddUp(t *testing.T) {
	cmd := command("/bin/sh", "-c", "(true); exec true")
	cmd.Env = []string{"PATH=/usr/bin:/bin"}
	res := runConfig(t, Config{Command: cmd, Histogram: true, Follow: true})
	sums := map[string]uint64{}
	for _, f := range res.ByFunction {
		sums["function"] += f.Instructions
	}
	for _, o := range res.ByObject {
		sums["object"] += o.Instructions
	}
	var names []string
	for _, p := range res.ByProcess {
		sums["process"] += p.Instructions
		names = append(names, p.Process)
	}
	for _, th := range res.ByThread {
		sums["thread"] += th.Instructions
	}
	for what, sum := range sums {
		if sum != res.Instructions {
			t.Errorf("by %s: %d instructions, of %d", what, sum, res.Instructions)
		}
	}
	if len(sums) != 4 {
		t.Errorf("parts by %v", sums)
	}
	if names = slices.Compact(names); !slices.Equal(names, []string{"sh", "true"}) {
		t.Errorf("the programs are %v, want sh and true", names)
	}
}

func TestCallsAreAnnounced(t *testing.T) {
	for _, test := range []struct {
		target asm.Target
		want   []Call
	}{
		{asm.Hello64, []Call{{tracer.X8664, 1, 1}, {tracer.X8664, 60, 1}}},
		{asm.Hello32, []Call{{tracer.I386, 4, 1}, {tracer.I386, 1, 1}}},
	} {
		var got []Call
		bundled(t, test.target, func(cfg *Config) { cfg.Call = func(c Call) { got = append(got, c) } })
		if len(got) != 2 || got[0] != test.want[0] || got[1].Nr != test.want[1].Nr || got[1].Arch != test.want[1].Arch {
			t.Errorf("%s: calls %v, want %v", test.target.Name, got, test.want)
		}
	}
}
