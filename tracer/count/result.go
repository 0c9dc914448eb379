package count

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"ptwalk/tracer/names"
)

// result gathers what was counted.
func (r *run) result() Result {
	why, sig, _ := r.ending.reason()
	if !r.cut {
		why, sig = Complete, 0 // it has ended by itself before we could
	}
	res := Result{
		Argv: r.cfg.Command.Argv, Engine: r.engine(), Stepped: r.stepped,
		Instructions: r.instructions, Stops: r.stops, Exits: r.exits, Seconds: time.Since(r.began).Seconds(),
		Syscalls: map[string]uint64{}, Signals: r.signals, Untraced: r.untraced, Moved: r.moved, End: r.end,
		Partial: r.cut, Why: why, Signal: sig, At: r.stuckAt,
	}
	for key, n := range r.syscalls {
		res.Syscalls[syscallName(key)] += n
	}
	for _, th := range r.met {
		res.ByThread = append(res.ByThread, ThreadCount{th.tracee.TID, th.pid, th.name, th.instructions})
	}
	objects, functions := map[string]uint64{}, map[functionKey]uint64{}
	for key, n := range r.functions {
		res.ByProcess = append(res.ByProcess, ProcessCount{key.process, FunctionCount{key.object, key.function, *n}})
		functions[functionKey{"", key.object, key.function}] += *n
		objects[key.object] += *n
	}
	for key, n := range functions {
		res.ByFunction = append(res.ByFunction, FunctionCount{key.object, key.function, n})
	}
	for object, n := range objects {
		res.ByObject = append(res.ByObject, ObjectCount{object, n})
	}
	slices.SortFunc(res.ByProcess, func(a, b ProcessCount) int {
		return cmp.Or(strings.Compare(a.Process, b.Process), strings.Compare(a.Object, b.Object),
			strings.Compare(a.Function, b.Function))
	})
	slices.SortFunc(res.ByFunction, func(a, b FunctionCount) int {
		return cmp.Or(cmp.Compare(b.Instructions, a.Instructions),
			strings.Compare(a.Function, b.Function), strings.Compare(a.Object, b.Object))
	})
	slices.SortFunc(res.ByObject, func(a, b ObjectCount) int {
		return cmp.Or(cmp.Compare(b.Instructions, a.Instructions), strings.Compare(a.Object, b.Object))
	})
	return res
}

func (r *run) engine() string {
	if r.cfg.Engine == nil {
		return "step"
	}
	return r.cfg.Engine.Name()
}

func syscallName(key callKey) string {
	if name := names.SyscallName(key.arch, key.nr); name != "" {
		return name
	}
	return fmt.Sprintf("syscall_%d", key.nr)
}
