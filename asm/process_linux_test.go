package asm

import (
	"io"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// limit is how long a program may take. It is killed then, and the test fails.
const limit = 20 * time.Second

// process is a started program. A program that asks to be traced gets the thread
// that started it as its tracer, so that thread is locked until the end.
type process struct {
	t      *testing.T
	os     *os.Process
	killer *time.Timer
	stdout *os.File
	stops  []unix.WaitStatus
}

// launch starts path with an empty environment, in a directory that is removed
// afterwards, for a core file may be left there. Call end.
func launch(t *testing.T, path string, argv ...string) (*process, error) {
	return launchWith(t, nil, path, argv)
}

func launchWith(t *testing.T, sys *syscall.SysProcAttr, path string, argv []string) (*process, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer write.Close()
	runtime.LockOSThread()
	child, err := os.StartProcess(path, argv, &os.ProcAttr{
		Dir: t.TempDir(), Env: []string{}, Files: []*os.File{nil, write, nil}, Sys: sys,
	})
	if err != nil {
		runtime.UnlockOSThread()
		read.Close()
		return nil, err
	}
	t.Cleanup(func() { read.Close() })
	p := &process{t: t, os: child, stdout: read}
	p.killer = time.AfterFunc(limit, func() { child.Kill() })
	return p, nil
}

// start opens the target and launches it. Where the kernel cannot run i386
// system calls, the test is skipped.
func start(t *testing.T, target Target, args ...string) *process {
	t.Helper()
	return startWith(t, nil, target, args...)
}

// startTraced starts the target as a tracee of this thread, and waits for the
// stop that its execve makes.
func startTraced(t *testing.T, target Target) *process {
	t.Helper()
	p := startWith(t, &syscall.SysProcAttr{Ptrace: true}, target)
	if ws := p.wait(); ws != 0x057f {
		t.Errorf("%s: status %#x, want the exec stop (0x057f)", target.Name, uint32(ws))
	}
	return p
}

func startWith(t *testing.T, sys *syscall.SysProcAttr, target Target, args ...string) *process {
	t.Helper()
	if target.Int80 {
		needIA32(t)
	}
	image, err := target.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer image.Close()
	p, err := launchWith(t, sys, image.Path(), append([]string{target.Name}, args...))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// wait returns the next change of state.
func (p *process) wait() unix.WaitStatus {
	for {
		var ws unix.WaitStatus
		_, err := unix.Wait4(p.os.Pid, &ws, unix.WALL, nil)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			p.t.Errorf("wait4: %v", err)
		}
		return ws
	}
}

// end waits for the end. On the way it passes on every signal but SIGTRAP, and
// keeps the stops that it saw.
func (p *process) end() unix.WaitStatus {
	ws := p.wait()
	for ; ws.Stopped(); ws = p.wait() {
		p.stops = append(p.stops, ws)
		signal := int(ws.StopSignal())
		if signal == int(unix.SIGTRAP) {
			signal = 0
		}
		p.cont(signal)
	}
	p.finish()
	return ws
}

// cont is PTRACE_CONT. If it fails, the program is killed, so that a wait returns.
func (p *process) cont(signal int) {
	if err := unix.PtraceCont(p.os.Pid, signal); err != nil {
		p.t.Errorf("PTRACE_CONT: %v", err)
		p.os.Kill()
	}
}

// finish gives back what launch took, after a wait has seen the end.
func (p *process) finish() {
	if !p.killer.Stop() {
		p.t.Errorf("it did not end within %v", limit)
	}
	p.os.Release()
	runtime.UnlockOSThread()
}

// output is what the program wrote. Call it after end.
func (p *process) output() string {
	b, err := io.ReadAll(p.stdout)
	if err != nil {
		p.t.Errorf("reading its output: %v", err)
	}
	return string(b)
}

// poll asks until the answer is yes, and fails the test after the limit.
func (p *process) poll(what string, yes func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(limit / 2); !yes(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Errorf("not within %v: %s", limit/2, what)
			return
		}
	}
}

// needIA32 skips the test where the kernel refuses i386 programs.
func needIA32(t *testing.T) {
	t.Helper()
	if !Hello32.Runs() {
		t.Skip("this kernel has no IA32 emulation: an i386 program is ENOEXEC")
	}
}

// needPtrace skips the test where a program may not ask to be traced: then the
// volunteer runs through its execve without a stop.
func needPtrace(t *testing.T) {
	t.Helper()
	p := start(t, Volunteer)
	p.end()
	if len(p.stops) == 0 {
		skip(t, "ptrace is refused here: PTRACE_TRACEME had no effect")
	}
}
