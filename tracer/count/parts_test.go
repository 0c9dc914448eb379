package count

import (
	"maps"
	"os"
	"path/filepath"
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

// A file that is mapped where another one was has its own count, as a library has
// that dlopen maps where something else has been.
func TestFileInPlaceOfAnother(t *testing.T) {
	const at, names = 0x10000000, 512
	one, two := filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "two")
	for path, code := range map[string][]byte{one: {0x90, 0x90, 0xc3}, two: {0x90, 0xc3}} { // nops and ret
		if err := os.WriteFile(path, code, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	call := func(name uint32) []byte {
		return slices.Concat(
			mov(rdi, name), mov(rsi, 0), mov(rax, 2), syscall64, // open
			[]byte{0x41, 0x89, 0xc0},                  // mov r8d, eax
			mov(rdi, at), mov(rsi, 4096), mov(rdx, 5), // PROT_READ|PROT_EXEC
			[]byte{0x41, 0xba, 0x12, 0, 0, 0}, // mov r10d, MAP_PRIVATE|MAP_FIXED
			[]byte{0x45, 0x31, 0xc9},          // xor r9d, r9d
			mov(rax, 9), syscall64,            // mmap
			mov(rax, at), []byte{0xff, 0xd0}) // call rax
	}
	code := slices.Concat(call(entry+names), call(uint32(entry+names+len(one)+1)), exit(0))
	path := program(t, code, make([]byte, names-len(code)), []byte(one+"\x00"+two+"\x00"))
	res := runConfig(t, Config{Command: command(path), Histogram: true})
	got := map[string]uint64{}
	for _, o := range res.ByObject {
		got[o.Object] = o.Instructions
	}
	if want := map[string]uint64{"one": 3, "two": 2, "program": res.Instructions - 5}; !maps.Equal(got, want) {
		t.Errorf("by object %v, want %v", got, want)
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
		t.Run(test.target.Name, func(t *testing.T) {
			var got []Call
			bundled(t, test.target, func(cfg *Config) { cfg.Call = func(c Call) { got = append(got, c) } })
			if len(got) != 2 || got[0] != test.want[0] || got[1].Nr != test.want[1].Nr || got[1].Arch != test.want[1].Arch {
				t.Errorf("calls %v, want %v", got, test.want)
			}
		})
	}
}
