package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/count"
)

// countJSON is the report of --json: the fields of a count event, and where the
// instructions were.
type countJSON struct {
	Schema       string                `json:"schema"`
	Program      []string              `json:"program"`
	Instructions uint64                `json:"instructions"`
	Stops        uint64                `json:"stops"`
	Engine       string                `json:"engine"`
	Seconds      float64               `json:"seconds"`
	Syscalls     map[string]uint64     `json:"syscalls"`
	Exit         int                   `json:"exit"`
	Partial      bool                  `json:"partial,omitempty"`
	Why          string                `json:"why,omitempty"`
	ByFunction   []count.FunctionCount `json:"by_function"`
	ByObject     []count.ObjectCount   `json:"by_object"`
	ByThread     []count.ThreadCount   `json:"by_thread"`
}

func writeCountJSON(w io.Writer, res count.Result, status int) {
	json.NewEncoder(w).Encode(countJSON{
		"ptwalk/count/1", res.Argv, res.Instructions, res.Stops, res.Engine, res.Seconds,
		res.Syscalls, status, res.Partial, string(res.Why),
		append([]count.FunctionCount{}, res.ByFunction...),
		append([]count.ObjectCount{}, res.ByObject...),
		append([]count.ThreadCount{}, res.ByThread...),
	})
}

// writeFolded writes one line for each function: its place, from the outside to
// the inside, and its count. A semicolon separates, and so none may be inside.
func writeFolded(w io.Writer, res count.Result) {
	frame := strings.NewReplacer(";", ":", " ", "_").Replace
	for _, f := range res.ByFunction {
		fmt.Fprintf(w, "%s;%s;%s %d\n", frame(printable(res.Argv[0])), frame(f.Object), frame(f.Function), f.Instructions)
	}
}

// writeCount writes the report for people.
func writeCount(w io.Writer, res count.Result, f *countFlags) {
	fmt.Fprintf(w, "%s: %s instructions in %.2f s\n", cut(printable(res.Argv[0]), 40), thousands(res.Instructions), res.Seconds)
	if why := partly(res); why != "" {
		fmt.Fprintf(w, "  partial: %s\n", why)
	}
	if res.End.Kind == tracer.Killed && !res.Partial {
		fmt.Fprintf(w, "  the program was killed by %v\n", res.End.Signal)
	}
	followed := res.Instructions - res.Exits
	if res.Engine == "step" {
		fmt.Fprintf(w, "  %s stops: %s after an instruction, %s for execve and signals\n",
			thousands(res.Stops), thousands(followed), thousands(res.Stops-followed))
	} else {
		fmt.Fprintf(w, "  %s of them were stepped, the others ran in blocks\n", thousands(res.Stepped))
	}
	if res.Exits > 0 {
		fmt.Fprintf(w, "  %s without a stop: the exit of a thread\n", thousands(res.Exits))
	}
	writeFunctions(w, res, f.top)
	writeCalls(w, res)
	if f.follow && len(res.ByThread) > 1 {
		fmt.Fprintln(w, "threads")
		for _, th := range res.ByThread {
			fmt.Fprintf(w, "  %-10d %-24s %20s\n", th.TID, cut(th.Name, 24), thousands(th.Instructions))
		}
	}
}

func partly(res count.Result) string {
	switch res.Why {
	case count.Limit:
		return "the limit is reached"
	case count.Timeout:
		return "the time is over"
	case count.Interrupted:
		return "interrupted by " + res.Signal.String()
	case count.NoProgress:
		return fmt.Sprintf("no progress: the icebp at %v stops for ever", res.At)
	}
	return ""
}

func writeFunctions(w io.Writer, res count.Result, top int) {
	list := res.ByFunction[:min(top, len(res.ByFunction))]
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(w, "functions")
	const width = 16
	for _, f := range list {
		name := f.Function + " (" + f.Object + ")"
		bar := strings.Repeat("#", int(max(1, f.Instructions*width/list[0].Instructions)))
		fmt.Fprintf(w, "  %-40s %18s %s\n", cut(name, 40), thousands(f.Instructions), bar)
	}
}

func writeCalls(w io.Writer, res count.Result) {
	if len(res.Syscalls) == 0 {
		return
	}
	calls := slices.SortedFunc(maps.Keys(res.Syscalls), func(a, b string) int {
		return cmp.Or(cmp.Compare(res.Syscalls[b], res.Syscalls[a]), strings.Compare(a, b))
	})
	fmt.Fprintln(w, "system calls")
	line := " "
	for _, name := range calls {
		word := fmt.Sprintf(" %s %s", name, thousands(res.Syscalls[name]))
		if name != calls[len(calls)-1] {
			word += ","
		}
		if len(line)+len(word) > 80 {
			fmt.Fprintln(w, line)
			line = " "
		}
		line += word
	}
	fmt.Fprintln(w, line)
}

// thousands writes a number with a comma between groups of three digits.
func thousands(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// cut shortens a text that does not fit.
func cut(s string, width int) string {
	if len(s) <= width {
		return s
	}
	return s[:width-3] + "..."
}

// printable writes what is not printable ASCII as a Go string does.
func printable(s string) string {
	quoted := strconv.QuoteToASCII(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
