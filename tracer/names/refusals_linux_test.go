//go:build linux && amd64

package names_test

import (
	"os"
	"runtime"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"ptwalk/tracer/names"
)

// TestRefusalsOfTheKernel makes requests that are refused, of a child that stands at
// its execve, and looks the errno up: the table has a sentence of its own for each.
func TestRefusalsOfTheKernel(t *testing.T) {
	runtime.LockOSThread() // the tracer is one thread; it ends with the test
	child := tracedChild(t)
	const unmapped, misaligned, kernel = 8, 4 * 15, 1 << 63
	buffer := uintptr(unsafe.Pointer(&passed.buffer))
	passed.whole.Base, passed.part.Base = &passed.buffer[0], &passed.buffer[0]
	passed.whole.SetLen(len(passed.buffer))
	passed.part.SetLen(7)
	whole, part := uintptr(unsafe.Pointer(&passed.whole)), uintptr(unsafe.Pointer(&passed.part))
	dr0 := offsetOf(t, "u_debugreg[0]")
	for _, c := range []struct {
		request    string
		addr, data uintptr
		want       syscall.Errno
	}{
		{"PTRACE_PEEKTEXT", unmapped, buffer, unix.EIO},
		{"PTRACE_PEEKDATA", unmapped, buffer, unix.EIO},
		{"PTRACE_PEEKUSER", misaligned, buffer, unix.EIO},
		{"PTRACE_PEEKUSER", 928, buffer, unix.EIO},
		{"PTRACE_POKETEXT", unmapped, 0, unix.EIO},
		{"PTRACE_POKEDATA", unmapped, 0, unix.EIO},
		{"PTRACE_POKEUSER", misaligned, 0, unix.EIO},
		{"PTRACE_POKEUSER", dr0, kernel, unix.EINVAL},
		{"PTRACE_CONT", 0, 65, unix.EIO},
		{"PTRACE_SINGLESTEP", 0, 65, unix.EIO},
		{"PTRACE_SYSCALL", 0, 65, unix.EIO},
		{"PTRACE_SYSEMU", 0, 65, unix.EIO},
		{"PTRACE_SYSEMU_SINGLESTEP", 0, 65, unix.EIO},
		{"PTRACE_SINGLEBLOCK", 0, 65, unix.EIO},
		{"PTRACE_DETACH", 0, 65, unix.EIO},
		{"PTRACE_GETFPXREGS", 0, buffer, unix.EIO},
		{"PTRACE_SETFPXREGS", 0, buffer, unix.EIO},
		{"PTRACE_GET_THREAD_AREA", ^uintptr(0), buffer, unix.EIO},
		{"PTRACE_GET_THREAD_AREA", 0, buffer, unix.EINVAL},
		{"PTRACE_SET_THREAD_AREA", ^uintptr(0), buffer, unix.EIO},
		{"PTRACE_SET_THREAD_AREA", 0, buffer, unix.EINVAL},
		{"PTRACE_ARCH_PRCTL", kernel, archSetFS, unix.EPERM},
		{"PTRACE_ARCH_PRCTL", 0, 1, unix.EINVAL},
		{"PTRACE_SETOPTIONS", 0, 1 << 30, unix.EINVAL},
		{"PTRACE_OLDSETOPTIONS", 0, 1 << 30, unix.EINVAL},
		{"PTRACE_GETREGSET", 0x7fff, whole, unix.EINVAL},
		{"PTRACE_GETREGSET", 1, part, unix.EINVAL},
		{"PTRACE_SETREGSET", 0x7fff, whole, unix.EINVAL},
		{"PTRACE_INTERRUPT", 0, 0, unix.EIO},
		{"PTRACE_LISTEN", 0, 0, unix.EIO},
		{"PTRACE_PEEKSIGINFO", uintptr(unsafe.Pointer(&passed.minusMany)), buffer, unix.EINVAL},
		{"PTRACE_GETSIGMASK", 4, buffer, unix.EINVAL},
		{"PTRACE_SETSIGMASK", 4, buffer, unix.EINVAL},
		{"PTRACE_ATTACH", 0, 0, unix.EPERM}, // it has a tracer
		{"PTRACE_SEIZE", 0, 0, unix.EPERM},
		{"PTRACE_SEIZE", 1, 0, unix.EIO},
		{"PTRACE_SEIZE", 0, 1 << 30, unix.EIO},
		{"PTRACE_SET_SYSCALL_INFO", 88, buffer, unix.EINVAL}, // EIO before Linux 6.16
	} {
		r, ok := names.RequestByName(c.request)
		if !ok {
			t.Fatalf("%s is no request", c.request)
		}
		_, _, got := unix.Syscall6(unix.SYS_PTRACE, uintptr(r.Number), uintptr(child), c.addr, c.data, 0, 0)
		if got == unix.EIO && c.request == "PTRACE_SET_SYSCALL_INFO" {
			c.want = unix.EIO
		}
		if got != c.want {
			t.Errorf("%s, %#x, %#x: %v, want %v", c.request, c.addr, c.data, got, c.want)
		}
		own := false
		for _, refusal := range names.Refusals {
			own = own || refusal.Request == c.request && refusal.Errno == int(got)
		}
		if !own {
			t.Errorf("%s: the table has nothing of its own for %s", c.request, names.ErrnoName(int(got)))
		}
	}
}

// TestRefusalsOfReading: process_vm_readv asks whether we might attach, and does not
// mind that somebody has. What has ended has no memory.
func TestRefusalsOfReading(t *testing.T) {
	runtime.LockOSThread()
	child := tracedChild(t)
	var here [8]byte
	read := func(pid int) error {
		_, err := unix.ProcessVMReadv(pid, []unix.Iovec{{Base: &here[0], Len: 8}},
			[]unix.RemoteIovec{{Base: uintptr(unsafe.Pointer(&here[0])), Len: 8}}, 0)
		return err
	}
	if err := read(os.Getpid()); err != nil {
		t.Errorf("from ourselves: %v", err)
	}
	if err := read(child); err == unix.EPERM || err == unix.ESRCH {
		t.Errorf("from a process that has a tracer: %v", err)
	}
	unix.Kill(child, unix.SIGKILL)
	if err := unix.Waitid(unix.P_PID, child, nil, unix.WEXITED|unix.WNOWAIT, nil); err != nil {
		t.Fatal(err)
	}
	if err := read(child); err != unix.ESRCH {
		t.Errorf("from a zombie: %v, want ESRCH", err)
	}
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(child), 0, 0, 0, 0)
	if errno != unix.EPERM {
		t.Errorf("to seize a zombie: %v, want EPERM", errno)
	}
}

const archSetFS = 0x1002 // ARCH_SET_FS of <asm/prctl.h>

// tracedChild starts this test once more, as a tracee that stands at its execve. It
// is killed when the test ends.
func tracedChild(t *testing.T) int {
	t.Helper()
	child, err := syscall.ForkExec("/proc/self/exe", []string{os.Args[0], "-test.run=^$"}, &syscall.ProcAttr{
		Sys: &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		unix.Kill(child, unix.SIGKILL)
		for {
			var ws unix.WaitStatus
			_, err := unix.Wait4(child, &ws, unix.WALL, nil)
			if err != nil && err != unix.EINTR || err == nil && !ws.Stopped() {
				return
			}
		}
	})
	var ws unix.WaitStatus
	if _, err := unix.Wait4(child, &ws, unix.WALL, nil); err != nil || !ws.Stopped() {
		t.Fatalf("no stop at execve: %v, %#x", err, ws)
	}
	return child
}

// offsetOf is the offset of a field of struct user.
func offsetOf(t *testing.T, field string) uintptr {
	t.Helper()
	for _, w := range names.UserArea {
		if w.Field == field {
			return uintptr(w.Offset)
		}
	}
	t.Fatalf("struct user has no %s", field)
	return 0
}

// passed is what the requests point at. It is no local variable, since the stack of a
// goroutine can move.
var passed = struct {
	buffer      [4096]byte
	whole, part unix.Iovec
	minusMany   [2]uint64 // struct ptrace_peeksiginfo_args, with a negative number
}{minusMany: [2]uint64{0, 1 << 63}}
