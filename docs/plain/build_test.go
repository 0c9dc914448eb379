//go:build linux && amd64

package plain_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ptwalk/asm"
)

// buildGo builds the Go programs into a folder of the test.
func buildGo(t *testing.T) string {
	t.Helper()
	needsPtrace(t)
	dir := t.TempDir()
	for _, name := range all() {
		compile(t, "go", "build", "-o", filepath.Join(dir, name), "./"+name)
	}
	return dir
}

// buildC builds the C programs, with the flags that README.md names.
func buildC(t *testing.T) string {
	t.Helper()
	needsPtrace(t)
	compiler := ""
	for _, name := range []string{"cc", "gcc"} {
		if path, err := exec.LookPath(name); err == nil {
			compiler = path
		}
	}
	if compiler == "" {
		missing(t, "no gcc and no cc: the C programs are not tested")
	}
	dir := t.TempDir()
	for _, name := range all() {
		compile(t, compiler, "-O1", "-Wall", "-Wextra", "-o", filepath.Join(dir, name), "c/"+name+".c")
	}
	return dir
}

// compile runs a compiler, which must have nothing to say.
func compile(t *testing.T, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil || len(out) != 0 {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

// missing skips what this machine cannot show. In CI it must be there.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// needs skips a 32-bit program where the kernel runs none.
func needs(t *testing.T, name string) {
	t.Helper()
	if (name == "hello32" || name == "int80in64") && !asm.Hello32.Runs() {
		t.Skip("this kernel has no IA32 emulation")
	}
}

// needsPtrace skips where the machine refuses PTRACE_TRACEME.
func needsPtrace(t *testing.T) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pid, err := syscall.ForkExec(target("hello64"), []string{"hello64"}, &syscall.ProcAttr{
		Sys: &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL},
	})
	if err == syscall.EPERM || err == syscall.ENOSYS {
		missing(t, "this machine refuses PTRACE_TRACEME: "+err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	// Killed at its exec stop, and reaped. A wait may still report that stop first.
	unix.Kill(pid, unix.SIGKILL)
	for {
		var ws unix.WaitStatus
		_, err := unix.Wait4(pid, &ws, unix.WALL, nil)
		if err != nil && err != unix.EINTR {
			t.Fatal(err)
		}
		if err == nil && !ws.Stopped() {
			return
		}
	}
}
