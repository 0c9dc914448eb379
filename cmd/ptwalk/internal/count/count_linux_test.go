package count

import (
	"encoding/json"
	"strings"
	"testing"

	"ptwalk/asm"
	"ptwalk/internal/cmdtest"
	"ptwalk/tracer/count"
)

// countJSON is what a test reads of a report.
type countJSON struct {
	Program               []string
	Instructions, Stepped uint64
	ByFunction            []count.FunctionCount `json:"by_function"`
	ByObject              []count.ObjectCount   `json:"by_object"`
	ByThread              []count.ThreadCount   `json:"by_thread"`
}

// sums checks that each way to split the count adds up to it.
func sums(t *testing.T, report string) (r countJSON) {
	t.Helper()
	if err := json.Unmarshal([]byte(report), &r); err != nil {
		t.Fatalf("the report is no JSON: %v\n%s", err, report)
	}
	var functions, objects, threads uint64
	for _, f := range r.ByFunction {
		functions += f.Instructions
	}
	for _, o := range r.ByObject {
		objects += o.Instructions
	}
	for _, th := range r.ByThread {
		threads += th.Instructions
	}
	if n := r.Instructions; n == 0 || functions != n || objects != n || threads != n {
		t.Errorf("%q: %d instructions, %d by function, %d by object, %d by thread", r.Program, n, functions, objects, threads)
	}
	return r
}

func TestCountAddsUp(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	hello := cmdtest.File(t, "hello64", asm.Hello64.Bytes(), 0o755)
	helloC := cmdtest.File(t, "helloc", asm.HelloC.Bytes(), 0o755)
	for _, c := range []struct {
		command         string
		status, threads int
	}{
		{"ptwalk count --json " + hello, 1, 1},
		{"ptwalk count --json --limit 3 " + hello, 0, 1},
		{"ptwalk count --json " + helloC, 0, 1},
		{"ptwalk count -f --json --limit 20000 sh -c '" + helloC + " & wait; exit 5'", 0, 1},
	} {
		e := cmdtest.Run(t, []string{"sh", "-c", "exec " + c.command})
		if e.Status != c.status {
			t.Errorf("%s: status %d, want %d", c.command, e.Status, c.status)
		}
		if r := sums(t, e.Stderr); len(r.ByThread) < c.threads {
			t.Errorf("%s: %d threads, want %d", c.command, len(r.ByThread), c.threads)
		}
	}
}

// The report says how much was stepped: everything, or what blocks cannot do.
func TestCountJSONSaysHowMuchWasStepped(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	hello := cmdtest.File(t, "hello64", asm.Hello64.Bytes(), 0o755)
	for _, engine := range []string{"step", "block"} {
		e := cmdtest.Run(t, []string{"sh", "-c", "exec ptwalk count --json --engine=" + engine + " " + hello})
		r := sums(t, e.Stderr)
		if !strings.Contains(e.Stderr, `,"stepped":`) || engine == "step" && r.Stepped != r.Instructions || engine == "block" && r.Stepped >= r.Instructions {
			t.Errorf("--engine=%s: %d of %d were stepped", engine, r.Stepped, r.Instructions)
		}
	}
}

// One program runs two others, in one process and in a child.
func TestCountFollows(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	hello := cmdtest.File(t, "hello64", asm.Hello64.Bytes(), 0o755)
	e := cmdtest.Run(t, []string{"ptwalk", "count", "-f", "--json", "sh", "-c", hello + "; exec " + hello})
	if e.Status != 1 || strings.Count(e.Stdout, "Hello") != 2 {
		t.Errorf("status %d and output %q, want 1 and two greetings", e.Status, e.Stdout)
	}
	r := sums(t, e.Stderr)
	if len(r.ByThread) != 2 || r.ByThread[1].Instructions < 7 {
		t.Errorf("threads %v, want the shell and its child", r.ByThread)
	}
	for _, o := range r.ByObject {
		if o.Object == "hello64" && o.Instructions != 14 {
			t.Errorf("hello64 has %d instructions in all, want 7 in each of two processes", o.Instructions)
		}
	}
}

// More processes at a time than descriptors: each is still known by its name.
func TestA07MoreProcessesThanDescriptors(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	const crowd = `i=0; while [ $i -lt 30 ]; do sleep 300 & all="$all $!"; i=$((i+1)); done; kill $all; wait`
	e := cmdtest.Run(t, []string{"sh", "-c", "ulimit -n 24; exec ptwalk count -f --json -- sh -c '" + crowd + "'"})
	r := sums(t, e.Stderr)
	if len(r.ByThread) != 31 {
		t.Errorf("%d threads, want 31", len(r.ByThread))
	}
	for _, th := range r.ByThread {
		if th.Name == "" {
			t.Errorf("thread %d has no name", th.TID)
		}
	}
}
