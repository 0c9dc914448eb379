package count

import (
	"ptwalk/tracer"
	"ptwalk/tracer/count"
)

// tellSignal says in the result that the program died of the signal that asked us to
// end. We have not killed it then, and what it has not done is missing as well.
func tellSignal(sig tracer.Signal, res *count.Result) {
	if sig != 0 && !res.Partial && res.End.Kind == tracer.Killed && res.End.Signal == sig {
		res.Partial, res.Why, res.Signal = true, count.Interrupted, sig
	}
}
