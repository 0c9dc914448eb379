package block

import (
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/count"
)

// What a call costs that maps or unmaps data does not grow with what is mapped
// already. The time is our own on the processor, whoever else is busy.
func TestCallsBesideManyMappings(t *testing.T) {
	path := compiled(t, "testdata/mappings.c")
	const pairs, few, many = 200, 10, 2000
	for _, engine := range []count.Engine{nil, Engine{}} {
		var costs [2]time.Duration
		for range 5 {
			for i, mappings := range []int{few, many} {
				costs[i] = ours(t, engine, path, mappings, pairs) - ours(t, engine, path, mappings, 0)
			}
			if costs[0] > 0 && costs[1] < 3*costs[0] {
				break
			}
		}
		if costs[0] <= 0 || costs[1] >= 3*costs[0] {
			t.Errorf("engine %T: %d pairs take %v beside %d mappings, and %v beside %d", engine, pairs, costs[0], few, costs[1], many)
		}
	}
}

// ours is the time that this process spends on a count.
func ours(t *testing.T, engine count.Engine, path string, mappings, pairs int) time.Duration {
	t.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	before := spent(t)
	res, err := count.Run(count.Config{Engine: engine, Timeout: deadline, Histogram: true, Command: tracer.Command{
		Path: path, Argv: []string{"mappings", strconv.Itoa(mappings), strconv.Itoa(pairs)}, Files: []*os.File{null, null, null}}})
	if err != nil || res.End.ExitCode != 7 {
		t.Fatalf("exit status %d, error %v", res.End.ExitCode, err)
	}
	return spent(t) - before
}

func spent(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
