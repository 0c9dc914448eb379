package count

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/count"
)

// manyPreemptions is how many SIGURG are worth a word.
const manyPreemptions = 10

// writeNotes says what one has to know about this count, and what would help.
func writeNotes(w io.Writer, res count.Result) {
	if res.Moved != 0 {
		fmt.Fprintf(w, "  by an int3 of ours, at %v: the program has copied its own code.\n"+
			"  Without an int3 in it: --engine=step\n", res.Moved)
	}
	if n := res.Signals[tracer.SIGURG]; n >= manyPreemptions && isGo(res) {
		fmt.Fprintf(w, "  the runtime of Go has sent %s SIGURG in this time, to threads that ran for\n"+
			"  10 ms, as each does here. Without them: GODEBUG=asyncpreemptoff=1\n", thousands(n))
	}
	switch res.Untraced {
	case 0:
	case 1:
		fmt.Fprintln(w, "  1 more thread or process was made with CLONE_UNTRACED, and is not counted")
	default:
		fmt.Fprintf(w, "  %s more threads or processes were made with CLONE_UNTRACED, and are not\n  counted\n", thousands(res.Untraced))
	}
}

// isGo says whether code of Go's runtime was executed that handles signals.
func isGo(res count.Result) bool {
	return slices.ContainsFunc(res.ByFunction, func(f count.FunctionCount) bool { return strings.HasPrefix(f.Function, "runtime.sigtramp") })
}
