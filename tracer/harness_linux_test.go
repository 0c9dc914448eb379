package tracer_test

import (
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
	. "ptwalk/tracer"
)

// onThread runs do as a tracer has to run: on one thread, with a deadline, and
// with its tracees dead and reaped at the end.
func onThread(t *testing.T, do func(tr *Tracer)) {
	t.Helper()
	done := make(chan string, 1)
	go func() {
		skip := ""
		defer func() { done <- skip }()
		runtime.LockOSThread()
		tr := &Tracer{}
		defer reapAll(tr)
		defer func() {
			switch p := recover().(type) {
			case nil:
			case skipped:
				skip = string(p)
			default:
				panic(p)
			}
		}()
		do(tr)
	}()
	select {
	case skip := <-done:
		if skip != "" {
			t.Skip(skip)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("no end within 20 seconds")
	}
}

func reapAll(tr *Tracer) {
	for _, c := range tr.Tracees() {
		if !c.Started {
			continue
		}
		c.Kill()
		for {
			if stop, err := c.Wait(); err != nil || stop.Ended() {
				break
			}
			c.Cont(0)
		}
	}
}

// start starts a target at its exec stop. Where ptrace is refused the test
// skips, and fails if CI says that it must not be.
func start(t *testing.T, tr *Tracer, target asm.Target, args ...string) *Tracee {
	t.Helper()
	c := launch(t, tr.Start, target, args)
	stop := wait(t, c)
	if stop.Kind != SignalDelivery || stop.Signal != SIGTRAP {
		fatalf(t, "first stop: %s by %v, want signal-delivery-stop by SIGTRAP", stop.Name(), stop.Signal)
	}
	return c
}

func launch(t *testing.T, how func(Command) (*Tracee, error), target asm.Target, args []string) *Tracee {
	t.Helper()
	image, err := target.Open()
	if err != nil {
		fatal(t, err)
	}
	defer image.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		fatal(t, err)
	}
	defer null.Close()
	c, err := how(Command{Path: image.Path(), Argv: append([]string{target.Name}, args...), Files: []*os.File{null, null, null}})
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) {
		if os.Getenv("CI") != "" {
			fatalf(t, "ptrace is refused, and CI is set: %v", err)
		}
		skipf("SKIPPED, NOTHING IS TESTED: ptrace is refused here: %v", err)
	}
	if errors.Is(err, syscall.ENOEXEC) && target.Arch == "i386" {
		skipf("this kernel has no IA32 emulation: %v", err)
	}
	if err != nil {
		fatal(t, err)
	}
	return c
}

// fatal may run on a goroutine that is not the test's: Goexit there ends it, and
// the deferred calls still reap.
func fatal(t *testing.T, err error) { t.Helper(); fatalf(t, "%v", err) }

func fatalf(t *testing.T, format string, args ...any) {
	t.Helper()
	t.Errorf(format, args...)
	runtime.Goexit()
}

// skipped carries the reason to the test's own goroutine, which alone may skip.
type skipped string

func skipf(format string, args ...any) {
	panic(skipped(fmt.Sprintf(format, args...)))
}

// ticking starts ticker and returns when it has counted once. Before that it may
// be inside execve, where an ATTACH makes the SIGTRAP of a volunteer.
func ticking(t *testing.T, tr *Tracer) *Tracee {
	t.Helper()
	c := launch(t, tr.Spawn, asm.Ticker, nil)
	file, err := asm.Ticker.ELF()
	must(t, err)
	symbols, err := file.Symbols()
	must(t, err)
	for _, s := range symbols {
		if s.Name == "counter" {
			for word := []byte{0}; word[0] == 0; runtime.Gosched() {
				c.ReadAt(word, Addr(s.Value)) // EFAULT until the new image is there
			}
			return c
		}
	}
	fatalf(t, "ticker has no counter")
	return nil
}

func wait(t *testing.T, c *Tracee) Stop {
	t.Helper()
	stop, err := c.Wait()
	if err != nil {
		fatal(t, err)
	}
	return stop
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		fatal(t, err)
	}
}

func wantErrno(t *testing.T, err error, want syscall.Errno) {
	t.Helper()
	var refused *Error
	if !errors.As(err, &refused) || refused.Err != want {
		t.Errorf("got error %v, want a *tracer.Error with %v", err, want)
	}
}

// program compiles a program of testdata, starts it as how says, and returns the
// addresses of its symbols. A program that needs threads has a libc.
func program(t *testing.T, how func(Command) (*Tracee, error), name string, args ...string) (*Tracee, map[string]Addr) {
	t.Helper()
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		if os.Getenv("CI") != "" {
			fatalf(t, "CI is set, and gcc is not installed")
		}
		skipf("SKIPPED, NOTHING IS TESTED: gcc is not installed")
	}
	path := filepath.Join(t.TempDir(), name)
	out, err := exec.Command(gcc, "-O1", "-static", "-no-pie", "-pthread", "-o", path, "testdata/"+name+".c").CombinedOutput()
	if err != nil {
		fatalf(t, "%v\n%s", err, out)
	}
	file, err := elf.Open(path)
	must(t, err)
	defer file.Close()
	list, err := file.Symbols()
	must(t, err)
	symbols := map[string]Addr{}
	for _, s := range list {
		symbols[s.Name] = Addr(s.Value)
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	must(t, err)
	defer null.Close()
	c, err := how(Command{Path: path, Argv: append([]string{path}, args...), Files: []*os.File{null, null, null}})
	must(t, err)
	return c, symbols
}

// untilEnd continues whatever stops until nothing is left, and returns how the
// process that pid names has ended. Events happens is told of each stop.
func untilEnd(t *testing.T, tr *Tracer, pid TID, happens func(Stop)) (end Stop) {
	t.Helper()
	for {
		stop, err := tr.Wait(Any)
		if errors.Is(err, syscall.ECHILD) {
			return end
		}
		must(t, err)
		if happens != nil {
			happens(stop)
		}
		if stop.Ended() {
			if stop.TID == pid {
				end = stop
			}
			continue
		}
		c := known(tr, stop.TID)
		if c == nil {
			c = tr.Adopt(stop.TID, &Tracee{Started: true})
		}
		sig := Signal(0)
		if stop.Kind == SignalDelivery && stop.Signal != SIGTRAP && stop.Signal != SIGSTOP {
			sig = stop.Signal
		}
		if err := c.Cont(sig); !errors.Is(err, syscall.ESRCH) {
			must(t, err)
		}
	}
}

func known(tr *Tracer, tid TID) *Tracee {
	for _, c := range tr.Tracees() {
		if c.TID == tid {
			return c
		}
	}
	return nil
}

func entries(t *testing.T, dir string) int {
	t.Helper()
	list, err := os.ReadDir(dir)
	must(t, err)
	return len(list)
}
