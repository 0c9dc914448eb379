package symbols

import (
	"bufio"
	"debug/elf"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/tracer"
)

// held starts a program that copies its input, waits until it has copied a
// line, and ends it after the test. It then sleeps in read(2).
func held(t *testing.T, path string) (tracer.TID, *Process) {
	t.Helper()
	cmd := exec.Command(path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
		deadline.Stop()
	})
	if _, err := io.WriteString(in, "ready\n"); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("%s copied %q, %v", path, line, err)
	}
	p, err := OfProcess(tracer.TID(cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	return tracer.TID(cmd.Process.Pid), p
}

func catPath(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("cat")
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// A program of the system, its libc included: the addresses that Lookup gives
// are those that Find finds, and lie in a mapping of that object.
func TestProcessOfTheSystem(t *testing.T) {
	path := catPath(t)
	_, p := held(t, path)
	checkObjects(t, p, filepath.Base(path))
	file, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	libraries, err := file.ImportedLibraries()
	if err != nil || len(libraries) == 0 {
		t.Skipf("SKIP: %s is static here (%v), so it has no libc object to look into", path, err)
	}
	read, ok := p.Lookup("read")
	if !ok || !strings.HasPrefix(read.Object, "libc.") && !strings.Contains(read.Object, "musl") {
		t.Fatalf("read is in %q, %v; want a libc", read.Object, ok)
	}
	s, off, ok := p.Find(read.Addr + 1)
	if !ok || s.Addr != read.Addr || off != 1 || p.Object(read.Addr) != read.Object {
		t.Errorf("at %s is %q of %q, want a name of read+0x1", read.Addr+1, s.At(off), s.Object)
	}
}

func checkObjects(t *testing.T, p *Process, name string) {
	t.Helper()
	seen := map[string]bool{}
	for _, m := range p.Maps() {
		seen[p.Object(m.Start)] = true
	}
	for _, want := range []string{name, "[stack]"} {
		if !seen[want] {
			t.Errorf("no mapping of %s: %v", want, seen)
		}
	}
	if got := p.Object(1); got != "?" {
		t.Errorf("at address 1 is %q", got)
	}
	if _, _, ok := p.Find(1); ok {
		t.Error("found a symbol at address 1")
	}
}

// The vdso has symbols without a file: those of the kernel's image.
func TestVDSO(t *testing.T) {
	_, p := held(t, catPath(t))
	for _, m := range p.Maps() {
		if m.Path != vdso {
			continue
		}
		s, ok := p.image(m).table.Lookup("__vdso_clock_gettime")
		if !ok {
			t.Fatal("no __vdso_clock_gettime in the vdso")
		}
		bias, _ := p.image(m).bias(m)
		found, off, ok := p.Find(s.Addr + bias)
		if !ok || off != 0 || !strings.HasSuffix(found.Name, "clock_gettime") || found.Object != vdso {
			t.Errorf("found %q of %q, %v", found.At(off), found.Object, ok)
		}
		return
	}
	t.Skip("SKIP: this kernel maps no vdso")
}

// Our own image serves where another's memory may not be read.
func TestOwnVDSO(t *testing.T) {
	img := ownVDSO()
	if img.table == nil {
		t.Skip("SKIP: this kernel maps no vdso")
	}
	if _, ok := img.table.Lookup("__vdso_clock_gettime"); !ok {
		t.Error("no __vdso_clock_gettime in our own vdso")
	}
}

// Symbols come from the very file that runs: here one that is deleted after
// the start, and then another one under its path.
func TestDeletedProgram(t *testing.T) {
	for _, replaced := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "a cat")
		data, err := os.ReadFile(catPath(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := exec.Command(path, "/dev/null").Run(); err != nil {
			t.Skipf("SKIP: programs in %s cannot run: %v", filepath.Dir(path), err)
		}
		_, p := held(t, path)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if replaced { // by a FIFO, which must not be opened: that would wait
			if err := syscall.Mkfifo(path, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Refresh(); err != nil {
			t.Fatal(err)
		}
		checkObjects(t, p, "a cat")
		for _, m := range p.Maps() {
			if strings.HasSuffix(m.Path, "/a cat") && (!m.Deleted || p.image(m).table == nil) {
				t.Errorf("replaced %v: deleted %v, table %v", replaced, m.Deleted, p.image(m).table)
			}
		}
	}
}

func TestOpenRegular(t *testing.T) {
	dir := t.TempDir()
	fifo, file := filepath.Join(dir, "fifo"), filepath.Join(dir, "file")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	number := func(name string) uint64 {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		return inode(info)
	}
	for _, test := range []struct {
		name  string
		inode uint64
		want  bool
	}{
		{file, number(file), true}, {file, number(file) + 1, false}, {fifo, number(fifo), false},
		{"/dev/null", number("/dev/null"), false}, {dir, number(dir), false}, {dir + "/none", 1, false},
	} {
		f := openRegular(test.name, test.inode)
		if f != nil {
			f.Close()
		}
		if (f != nil) != test.want {
			t.Errorf("%s, inode %d: opened %v, want %v", test.name, test.inode, f != nil, test.want)
		}
	}
}

// A fixed program (ET_EXEC), whose addresses are those of the file.
func TestTicker(t *testing.T) {
	cmd := exec.Command(filepath.Join(bin, "ticker"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	f := openELF(t, "ticker")
	p, err := OfProcess(tracer.TID(cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	// Start returns while execve(2) still builds the new image.
	for end := time.Now().Add(20 * time.Second); p.Object(tracer.Addr(f.Entry)) != "ticker"; runtime.Gosched() {
		if err := p.Refresh(); err != nil || time.Now().After(end) {
			t.Fatalf("ticker is not mapped: %v, %+v", err, p.Maps())
		}
	}
	s, off, ok := p.Find(tracer.Addr(f.Entry))
	if !ok || s.At(off) != "_start" || s.Object != "ticker" {
		t.Errorf("at the entry point is %q of %q, %v", s.At(off), s.Object, ok)
	}
	counter, ok := p.Lookup("counter")
	if m, mapped := p.Map(counter.Addr); !ok || !mapped || m.Perms != "rw-p" {
		t.Errorf("the variable counter is at %s, %v, in a mapping %q", counter.Addr, ok, m.Perms)
	}
}

func TestNoProcess(t *testing.T) {
	cmd := exec.Command(catPath(t), "/dev/null")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	// The process has been reaped; its pid is not given out again so soon.
	if _, err := OfProcess(tracer.TID(cmd.Process.Pid)); !os.IsNotExist(err) {
		t.Errorf("error %v, want that it does not exist", err)
	}
}
