package tracer

import (
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// buffer is memory of ours that the kernel reads or fills.
type buffer struct{ ptr unsafe.Pointer }

func bufferOf[T any](p *T) buffer { return buffer{unsafe.Pointer(p)} }

// ptrace is the door: every request of this package goes through it. The
// observer sees the call before it is made and after.
func (t *Tracer) ptrace(c *Call, buf buffer) error {
	t.before(c)
	data := uintptr(c.Data)
	var errno syscall.Errno
	switch {
	case buf.ptr != nil && c.Request.quick():
		_, _, errno = unix.RawSyscall6(unix.SYS_PTRACE, uintptr(c.Request), uintptr(c.TID), uintptr(c.Addr), uintptr(buf.ptr), 0, 0)
	case buf.ptr != nil:
		_, _, errno = unix.Syscall6(unix.SYS_PTRACE, uintptr(c.Request), uintptr(c.TID), uintptr(c.Addr), uintptr(buf.ptr), 0, 0)
	case c.Request.quick():
		_, _, errno = unix.RawSyscall6(unix.SYS_PTRACE, uintptr(c.Request), uintptr(c.TID), uintptr(c.Addr), data, 0, 0)
	default:
		_, _, errno = unix.Syscall6(unix.SYS_PTRACE, uintptr(c.Request), uintptr(c.TID), uintptr(c.Addr), data, 0, 0)
	}
	return t.after(c, errno)
}

// quick says whether a request is answered without a wait, so that the Go
// scheduler need not hear of it: that costs more than the request. The others
// may wait, for a thread that is in execve or for a page of memory.
func (r Request) quick() bool {
	switch r {
	case Cont, SingleStep, Syscall, PeekUser, PokeUser, GetRegs:
		return true
	}
	return false
}

// ptraceLen is ptrace for a request that returns a number of bytes.
func (t *Tracer) ptraceLen(c *Call, buf buffer) (int, error) {
	t.before(c)
	n, _, errno := unix.Syscall6(unix.SYS_PTRACE, uintptr(c.Request), uintptr(c.TID), uintptr(c.Addr), uintptr(buf.ptr), 0, 0)
	c.Result = int64(n)
	return int(n), t.after(c, errno)
}

// peek makes a request that reads one word. The raw system call stores the word
// through data, so that -1 is a word like any other and an error is an error.
func (t *Tracer) peek(c *Call) (Word, error) {
	var word uint64
	t.before(c)
	var errno syscall.Errno
	if c.Request.quick() {
		_, _, errno = unix.RawSyscall6(unix.SYS_PTRACE, uintptr(c.Request), uintptr(c.TID), uintptr(c.Addr), uintptr(unsafe.Pointer(&word)), 0, 0)
	} else {
		_, _, errno = unix.Syscall6(unix.SYS_PTRACE, uintptr(c.Request), uintptr(c.TID), uintptr(c.Addr), uintptr(unsafe.Pointer(&word)), 0, 0)
	}
	c.Value, c.HasValue = Word(word), errno == 0
	return Word(word), t.after(c, errno)
}

// regset makes a PTRACE_GETREGSET request. The kernel stores the length that it
// filled into the iovec, which tells a 32-bit tracee from a 64-bit one.
func (t *Tracer) regset(c *Call, buf []byte) (int, error) {
	iov := unix.Iovec{Base: unsafe.SliceData(buf)}
	iov.SetLen(len(buf))
	c.Pointer = "&iov"
	err := t.ptrace(c, bufferOf(&iov))
	runtime.KeepAlive(buf)
	return int(iov.Len), err
}

// wait4 waits for one thread, or for any with -1. It is repeated when a signal
// of ours interrupts it.
func (t *Tracer) wait4(c *Call) (TID, Status, error) {
	t.before(c)
	for {
		var status unix.WaitStatus
		tid, err := unix.Wait4(int(c.TID), &status, int(c.Flag), nil)
		if err == unix.EINTR {
			continue
		}
		errno, _ := err.(syscall.Errno)
		c.Result, c.Value, c.HasValue = int64(tid), Word(status), errno == 0 && tid > 0
		return TID(tid), Status(status), t.after(c, errno)
	}
}

// Reap reaps a tracee that has ended, and says whether it did. Unlike all else
// here it may be called from any thread of ours: a thread that waits in
// PTRACE_SEIZE for a process that is in execve cannot reap the tracees for which
// that execve waits. Ask for a zombie alone: a stop would be lost.
func Reap(tid TID) bool {
	got, err := unix.Wait4(int(tid), nil, int(wAll|wNoHang), nil)
	return err == nil && got == int(tid)
}

// awaitEnd waits for the end of a child and leaves it to be reaped.
func (t *Tracer) awaitEnd(c *Call) error {
	t.before(c)
	for {
		err := unix.Waitid(unix.P_PID, int(c.TID), nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err == unix.EINTR {
			continue
		}
		errno, _ := err.(syscall.Errno)
		return t.after(c, errno)
	}
}

// kill sends a signal to a process.
func (t *Tracer) kill(c *Call) error {
	t.before(c)
	errno, _ := unix.Kill(int(c.TID), syscall.Signal(c.Flag)).(syscall.Errno)
	return t.after(c, errno)
}

// processVM copies memory between us and the tracee by process_vm_readv(2) or
// process_vm_writev(2), in one call.
func (t *Tracer) processVM(c *Call, p []byte) (int, error) {
	local := []unix.Iovec{{Base: unsafe.SliceData(p)}}
	local[0].SetLen(len(p))
	remote := []unix.RemoteIovec{{Base: uintptr(c.Addr), Len: len(p)}}
	t.before(c)
	copyMemory := unix.ProcessVMReadv
	if c.Name == "process_vm_writev" {
		copyMemory = unix.ProcessVMWritev
	}
	n, err := copyMemory(int(c.TID), local, remote, 0)
	runtime.KeepAlive(p)
	errno, _ := err.(syscall.Errno)
	c.Result = int64(n)
	return max(n, 0), t.after(c, errno)
}
