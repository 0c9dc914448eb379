package block

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"ptwalk/asm"
	"ptwalk/tracer"
	"ptwalk/tracer/count"
)

// deadline ends a program that a broken count would leave running. A step can take a
// millisecond where others want the CPU too.
const deadline = 3 * time.Minute

// both counts a program by stepping and by blocks.
func both(t *testing.T, cfg count.Config) (step, blocks count.Result) {
	t.Helper()
	undo, err := count.FixAddresses()
	defer undo()
	if err != nil {
		t.Skipf("personality: %v", err)
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	cfg.Command.Files = []*os.File{null, null, null}
	cfg.Timeout, cfg.Histogram = deadline, true
	for _, run := range []struct {
		engine count.Engine
		res    *count.Result
	}{{nil, &step}, {Engine{}, &blocks}} {
		cfg.Engine = run.engine
		if *run.res, err = count.Run(cfg); err != nil {
			t.Fatal(err)
		}
		if run.res.Why == count.Timeout {
			t.Fatalf("%v did not end within %v: %d instructions", cfg.Command.Argv, deadline, run.res.Instructions)
		}
	}
	return step, blocks
}

func equal(t *testing.T, cfg count.Config) {
	t.Helper()
	step, blocks := both(t, cfg)
	if step.Instructions != blocks.Instructions || step.Stops != blocks.Stops || step.End.Status != blocks.End.Status {
		t.Errorf("%v: by blocks %d instructions, %d stops, status %v; by steps %d, %d, %v", cfg.Command.Argv,
			blocks.Instructions, blocks.Stops, blocks.End.Status, step.Instructions, step.Stops, step.End.Status)
	}
	t.Logf("%v: %d instructions, %d stepped; %.1f times as fast", filepath.Base(cfg.Command.Argv[0]), blocks.Instructions, blocks.Stepped, step.Seconds/blocks.Seconds)
}

func TestBundledProgramsCountTheSame(t *testing.T) {
	for _, target := range []asm.Target{asm.Hello64, asm.Hello32, asm.Int80In64, asm.HelloC, asm.RepSS, asm.Crash, asm.Handler, asm.MallocLine, asm.Volunteer, asm.Exits7} {
		t.Run(target.Name, func(t *testing.T) {
			image, err := target.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer image.Close()
			if target.Arch == "i386" && !target.Runs() {
				t.Skip("this kernel has no IA32 emulation")
			}
			equal(t, count.Config{Command: tracer.Command{Path: image.Path(), Argv: []string{target.Name}}})
		})
	}
}

// make bench compares larger programs.
func TestProgramsOfThisMachineCountTheSame(t *testing.T) {
	for _, argv := range [][]string{
		{"/bin/true"},
		{"/bin/sh", "-c", ":"},
		{"/bin/gzip", "-c", "testdata/lines"},
		{"/usr/bin/sort", "testdata/lines"},
	} {
		if _, err := os.Stat(argv[0]); err != nil {
			t.Logf("%v: not installed", argv[0])
			continue
		}
		equal(t, count.Config{Command: tracer.Command{Path: argv[0], Argv: argv, Env: []string{"PATH=/usr/bin:/bin", "PERL_HASH_SEED=0", "LC_ALL=C"}}})
	}
}
