package count

import (
	"fmt"

	"ptwalk/tracer/count"
	"ptwalk/tracer/count/block"
)

// engines are the names of --engine, and the runs that each makes.
var engines = map[string][]count.Engine{
	"auto":  {block.Engine{}},
	"block": {block.Engine{}},
	"step":  {nil},
	"both":  {nil, block.Engine{}},
}

// runAll counts the program once for each engine, and returns the last count.
// Two counts must be equal. For them to be so the addresses are not randomised,
// because loaders and libraries do more or less work with them, and each run gets
// the same files: cfg.Started, which may give them away, is called for the last.
func runAll(engines []count.Engine, cfg count.Config) (res count.Result, err error) {
	if len(engines) > 1 {
		undo, _ := count.FixAddresses() // where they vary, the counts may
		defer undo()
	}
	var first count.Result
	started := cfg.Started
	for i, engine := range engines {
		cfg.Engine, cfg.Started = engine, nil
		if i == len(engines)-1 {
			cfg.Started = started
		}
		res, err = count.Run(cfg)
		if err != nil || res.Partial && res.Why != count.Limit {
			return res, err
		}
		if i == 0 {
			first = res
		}
	}
	return res, differ(first, res)
}

func differ(a, b count.Result) error {
	switch {
	case a.Instructions != b.Instructions:
		return fmt.Errorf("the two runs differ: %s instructions by engine %s, %s by engine %s. "+
			"A program that depends on time, on chance or on its standard input differs by itself: count it twice with --engine=step",
			thousands(a.Instructions), a.Engine, thousands(b.Instructions), b.Engine)
	case a.End.Status != b.End.Status:
		return fmt.Errorf("the two runs differ: wait status %v with engine %s, %v with engine %s", a.End.Status, a.Engine, b.End.Status, b.Engine)
	}
	return nil
}
