package count

import (
	"os"
	"runtime"
	"testing"

	"ptwalk/asm"
	"ptwalk/tracer"
)

// withoutRandomAddresses is for what this goroutine starts, until the test ends. A
// string that begins near the end of a page takes the C library other instructions
// than elsewhere.
func withoutRandomAddresses(t *testing.T) {
	t.Helper()
	undo, err := FixAddresses()
	t.Cleanup(undo)
	if err != nil {
		t.Skipf("personality: %v", err)
	}
}

// plainLoop is the article's counter, with signals passed on: it steps without
// options and counts every stop. It is what Stops has to equal.
func plainLoop(t *testing.T, cmd tracer.Command) (stops uint64, end tracer.Stop) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	cmd.Files = []*os.File{null, null, null}
	var tr tracer.Tracer
	child, err := tr.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	for {
		stop, err := child.Wait()
		if err != nil {
			t.Fatal(err)
		}
		if stop.Ended() {
			return stops, stop
		}
		stops++
		sig := stop.Signal
		if sig == tracer.SIGTRAP {
			sig = 0
		}
		if err := child.SingleStep(sig); err != nil && !gone(err) {
			t.Fatal(err)
		}
	}
}

// The count goes other ways through system calls, popf and execve than the plain
// loop, and has to come to the same number of stops.
func TestStopsEqualThePlainLoop(t *testing.T) {
	for _, target := range []asm.Target{
		asm.Hello64, asm.Hello32, asm.Int80In64, asm.HelloC, asm.RepSS, asm.Crash, asm.Handler, asm.MallocLine,
	} {
		t.Run(target.Name, func(t *testing.T) {
			image, err := target.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer image.Close()
			cmd := tracer.Command{Path: image.Path(), Argv: []string{target.Name}}
			needs(t, target)
			withoutRandomAddresses(t)
			want, end := plainLoop(t, cmd)
			res := runConfig(t, Config{Command: cmd})
			if res.Stops != want || res.End.Status != end.Status {
				t.Errorf("%d stops and status %v, the plain loop %d and %v", res.Stops, res.End.Status, want, end.Status)
			}
		})
	}
}

// execve, fork and vfork: the program replaces itself, or has a child.
func TestStopsEqualThePlainLoopAroundProcesses(t *testing.T) {
	leaf := program(t, exit(5))
	for _, c := range []struct{ name, path string }{
		{"execve", program(t, execve(leaf)...)},
		{"fork", program(t, parent(57)...)},
		{"vfork", program(t, parent(58)...)},
		{"popf", program(t, []byte{0x9c, 0x9d, 0x9c, 0x66, 0x9d, 0x66, 0x9c, 0x9d}, exit(0))},
	} {
		t.Run(c.name, func(t *testing.T) {
			withoutRandomAddresses(t)
			want, end := plainLoop(t, command(c.path))
			res := runConfig(t, Config{Command: command(c.path), Histogram: true})
			if res.Stops != want || res.End.Status != end.Status {
				t.Errorf("%d stops and status %v, the plain loop %d and %v", res.Stops, res.End.Status, want, end.Status)
			}
		})
	}
}
