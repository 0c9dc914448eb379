package block

import (
	"os"
	"path/filepath"
	"testing"

	"ptwalk/tracer"
	"ptwalk/tracer/count"
)

// Python hands its lock from thread to thread by waits of 5 ms, and its pool of
// processes has threads that wait for each other.
func TestPoolOfPython(t *testing.T) {
	const python = "/usr/bin/python3"
	if _, err := os.Stat(python); err != nil {
		t.Skip("python3 is not installed")
	}
	script := filepath.Join(t.TempDir(), "pool.py")
	if err := os.WriteFile(script, []byte("from multiprocessing import Pool\n"+
		"def square(n): return n * n\n"+
		"if __name__ == '__main__':\n"+
		"    with Pool(2) as pool: total = sum(pool.map(square, range(10)))\n"+
		"    raise SystemExit(total % 100)\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	res, err := count.Run(count.Config{Engine: Engine{}, Follow: true, Timeout: deadline, Command: tracer.Command{
		Path: python, Argv: []string{"python3", "-S", "-E", script}, Files: []*os.File{null, null, null}}})
	if err != nil || res.End.ExitCode != 85 {
		t.Errorf("it %s with %d after %d instructions, error %v; want 85", res.End.Name(), res.End.ExitCode, res.Instructions, err)
	}
	t.Logf("%d instructions, %d futex calls", res.Instructions, res.Syscalls["futex"])
}
