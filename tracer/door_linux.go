package tracer

import (
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// buffer is memory of ours that the kernel reads or fills: at data, and for a few
// requests at addr.
type buffer struct{ ptr, addr unsafe.Pointer }

func bufferOf[T any](p *T) buffer { return buffer{ptr: unsafe.Pointer(p)} }

// bufferOfAll is that of a slice, and none of an empty one.
func bufferOfAll[T any](p []T) buffer {
	if len(p) == 0 {
		return buffer{}
	}
	return bufferOf(&p[0])
}

// withAddr has addr point at memory of ours too.
func withAddr[T any](b buffer, p *T) buffer {
	b.addr = unsafe.Pointer(p)
	return b
}

// ptrace makes a request of ptrace(2). One that returns a number of bytes has it in
// Result.
func (t *Tracer) ptrace(c *Call, buf buffer) error {
	return t.make(c, func() (uintptr, syscall.Errno) { return rawPtrace(c, buf) })
}

func rawPtrace(c *Call, buf buffer) (n uintptr, errno syscall.Errno) {
	request, tid, addr := uintptr(c.Request), uintptr(c.TID), uintptr(c.Addr)
	switch {
	case buf.addr != nil && buf.ptr != nil:
		n, _, errno = unix.Syscall6(unix.SYS_PTRACE, request, tid, uintptr(buf.addr), uintptr(buf.ptr), 0, 0)
	case buf.addr != nil:
		n, _, errno = unix.Syscall6(unix.SYS_PTRACE, request, tid, uintptr(buf.addr), uintptr(c.Data), 0, 0)
	case buf.ptr != nil && c.Request.quick():
		n, _, errno = unix.RawSyscall6(unix.SYS_PTRACE, request, tid, addr, uintptr(buf.ptr), 0, 0)
	case buf.ptr != nil:
		n, _, errno = unix.Syscall6(unix.SYS_PTRACE, request, tid, addr, uintptr(buf.ptr), 0, 0)
	case c.Request.quick():
		n, _, errno = unix.RawSyscall6(unix.SYS_PTRACE, request, tid, addr, uintptr(c.Data), 0, 0)
	default:
		n, _, errno = unix.Syscall6(unix.SYS_PTRACE, request, tid, addr, uintptr(c.Data), 0, 0)
	}
	return n, errno
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

// peek makes a request that reads one word. The raw system call stores the word
// through data, so that -1 is a word like any other and an error is an error.
func (t *Tracer) peek(c *Call) (word Word, err error) {
	err = t.make(c, func() (uintptr, syscall.Errno) {
		n, errno := rawPtrace(c, bufferOf(&word))
		c.Value, c.HasValue = word, errno == 0
		return n, errno
	})
	return word, err
}

// peekAt makes a request that stores a word where addr points.
func (t *Tracer) peekAt(c *Call) (word Word, err error) {
	err = t.make(c, func() (uintptr, syscall.Errno) {
		n, errno := rawPtrace(c, withAddr(buffer{}, &word))
		c.Value, c.HasValue = word, errno == 0
		return n, errno
	})
	return word, err
}

// regset makes a PTRACE_GETREGSET or SETREGSET request. The kernel stores the length
// that it filled or took into the iovec, which tells a 32-bit tracee from a 64-bit one.
func (t *Tracer) regset(c *Call, buf []byte) (int, error) {
	iov := unix.Iovec{Base: unsafe.SliceData(buf)}
	iov.SetLen(len(buf))
	c.Pointer = "&iov"
	err := t.ptrace(c, bufferOf(&iov))
	runtime.KeepAlive(buf)
	return int(iov.Len), err
}

// wait4 waits for one thread, or for any with -1.
func (t *Tracer) wait4(c *Call) (TID, Status, error) {
	var status unix.WaitStatus
	err := t.make(c, func() (uintptr, syscall.Errno) {
		tid, errno := again(func() (int, error) { return unix.Wait4(int(c.TID), &status, int(c.Flag), nil) })
		c.Value, c.HasValue = Word(status), errno == 0 && tid > 0
		return uintptr(tid), errno
	})
	if err != nil {
		return 0, 0, err
	}
	return TID(c.Result), Status(status), nil
}

// again makes a call until no signal of ours interrupts it.
func again(call func() (int, error)) (int, syscall.Errno) {
	for {
		n, err := call()
		if err == unix.EINTR {
			continue
		}
		errno, _ := err.(syscall.Errno)
		return n, errno
	}
}

// Reap reaps a tracee that has ended, and says whether it did. Unlike all else
// here it may be called from any thread of ours, and no observer hears of it: a
// thread that waits in PTRACE_SEIZE for a process that is in execve cannot reap the
// tracees for which that execve waits. Ask for a zombie alone: a stop would be lost.
func Reap(tid TID) bool {
	got, err := unix.Wait4(int(tid), nil, int(wAll|wNoHang), nil)
	return err == nil && got == int(tid)
}

// awaitEnd waits for the end of a child and leaves it to be reaped.
func (t *Tracer) awaitEnd(c *Call) error {
	return t.make(c, func() (uintptr, syscall.Errno) {
		_, errno := again(func() (int, error) {
			return 0, unix.Waitid(unix.P_PID, int(c.TID), nil, unix.WEXITED|unix.WNOWAIT, nil)
		})
		return 0, errno
	})
}

// awaitAny waits until there is something to report of a child or tracee of this
// thread, and leaves it to be reported.
func (t *Tracer) awaitAny(c *Call) error {
	return t.make(c, func() (uintptr, syscall.Errno) {
		const noThread = 0x20000000 // __WNOTHREAD
		_, errno := again(func() (int, error) {
			return 0, unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WSTOPPED|unix.WNOWAIT|unix.WALL|noThread, nil)
		})
		return 0, errno
	})
}

// kill sends a signal to a process.
func (t *Tracer) kill(c *Call) error {
	return t.make(c, func() (uintptr, syscall.Errno) {
		errno, _ := unix.Kill(int(c.TID), syscall.Signal(c.Flag)).(syscall.Errno)
		return 0, errno
	})
}

// openMem opens /proc/TID/mem, for the lifetime of what it returns.
func (t *Tracer) openMem(c *Call) (int, error) {
	err := t.make(c, func() (uintptr, syscall.Errno) {
		fd, errno := again(func() (int, error) { return unix.Open(c.Path, int(c.Flag), 0) })
		return uintptr(fd), errno
	})
	return int(c.Result), err
}

// transfer makes a pread(2) or pwrite(2).
func (t *Tracer) transfer(c *Call, fd int, p []byte) (int, error) {
	how := unix.Pread
	if c.Name == "pwrite64" {
		how = unix.Pwrite
	}
	err := t.make(c, func() (uintptr, syscall.Errno) {
		n, errno := again(func() (int, error) { return how(fd, p, int64(c.Addr)) })
		return uintptr(n), errno
	})
	return max(int(c.Result), 0), err
}

// closeMem closes it.
func (t *Tracer) closeMem(c *Call, fd int) error {
	return t.make(c, func() (uintptr, syscall.Errno) {
		errno, _ := unix.Close(fd).(syscall.Errno)
		return 0, errno
	})
}

// oRDWR and oCloExec are O_RDWR and O_CLOEXEC of open(2).
const (
	oRDWR    = unix.O_RDWR
	oCloExec = unix.O_CLOEXEC
)

// processVM copies memory between us and the tracee by process_vm_readv(2) or
// process_vm_writev(2), in one call.
func (t *Tracer) processVM(c *Call, p []byte) (int, error) {
	local := []unix.Iovec{{Base: unsafe.SliceData(p)}}
	local[0].SetLen(len(p))
	remote := []unix.RemoteIovec{{Base: uintptr(c.Addr), Len: len(p)}}
	copyMemory := unix.ProcessVMReadv
	if c.Name == "process_vm_writev" {
		copyMemory = unix.ProcessVMWritev
	}
	err := t.make(c, func() (uintptr, syscall.Errno) {
		n, err := copyMemory(int(c.TID), local, remote, 0)
		runtime.KeepAlive(p)
		errno, _ := err.(syscall.Errno)
		return uintptr(n), errno
	})
	return max(int(c.Result), 0), err
}
