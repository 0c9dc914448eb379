package count

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"ptwalk/tracer/count"
)

// report is what --json writes: the fields of a count event, and where the
// instructions were.
type report struct {
	Schema       string                `json:"schema"`
	Program      []string              `json:"program"`
	Instructions uint64                `json:"instructions"`
	Stepped      uint64                `json:"stepped"` // how many of them were stepped, one by one
	Stops        uint64                `json:"stops"`
	Engine       string                `json:"engine"`
	Seconds      float64               `json:"seconds"`
	Syscalls     map[string]uint64     `json:"syscalls"`
	Signals      map[string]uint64     `json:"signals,omitempty"` // that were delivered, by name
	Exit         int                   `json:"exit"`
	Partial      bool                  `json:"partial,omitempty"`
	Why          string                `json:"why,omitempty"`
	Signal       string                `json:"signal,omitempty"` // that interrupted it
	ByFunction   []count.FunctionCount `json:"by_function"`
	ByObject     []count.ObjectCount   `json:"by_object"`
	ByThread     []count.ThreadCount   `json:"by_thread"`
}

// writeJSON writes the whole report as one object on one line.
func writeJSON(w io.Writer, res count.Result, status int) {
	r := report{
		Schema: "ptwalk/count/1", Program: res.Argv,
		Instructions: res.Instructions, Stepped: res.Stepped, Stops: res.Stops, Engine: res.Engine, Seconds: res.Seconds,
		Syscalls: res.Syscalls, Exit: status, Partial: res.Partial, Why: string(res.Why),
		ByFunction: append([]count.FunctionCount{}, res.ByFunction...),
		ByObject:   append([]count.ObjectCount{}, res.ByObject...),
		ByThread:   append([]count.ThreadCount{}, res.ByThread...),
	}
	if res.Engine == "step" {
		r.Stepped = res.Instructions
	}
	for sig, n := range res.Signals {
		if r.Signals == nil {
			r.Signals = map[string]uint64{}
		}
		r.Signals[sig.String()] = n
	}
	if res.Why == count.Interrupted {
		r.Signal = res.Signal.String()
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false) // names of C++ functions have < and >
	encoder.Encode(r)
}

// writeFolded writes one line for each function of each program: its place, from
// the outside to the inside, and its count. A semicolon separates the frames and
// the last space the count, so a frame has neither.
func writeFolded(w io.Writer, res count.Result) {
	frame := strings.NewReplacer(";", ":", " ", "_").Replace
	for _, p := range res.ByProcess {
		fmt.Fprintf(w, "%s;%s;%s %d\n", frame(p.Process), frame(p.Object), frame(p.Function), p.Instructions)
	}
}
