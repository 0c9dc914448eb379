// Command probe says which requests of ptrace(2), and which calls beside it, the
// kernel that it runs on has: a line each, the name and "ok" or the errno. With a
// word it is a process that others trace.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Requests that x/sys does not name, of linux/ptrace.h and asm/ptrace-abi.h.
const (
	archPrctl              = 30
	singleBlock            = 33
	getThreadArea          = 25
	getRseqConfiguration   = 0x420f
	setUserDispatch        = 0x4210
	getUserDispatch        = 0x4211
	setSyscallInfo         = 0x4212
	ntShadowStack          = 0x204
	firstDebugRegister     = 848 // offsetof(struct user, u_debugreg)
	optionSuspendSeccomp   = 1 << 21
	pidfdThread            = unix.O_EXCL
	eventSeccomp           = 7
	returnTrace            = 0x7ff00000 // SECCOMP_RET_TRACE
	returnAllow            = 0x7fff0000
	userDispatchConfigSize = 32
)

var (
	buffer [4096]byte
	iov    unix.Iovec
)

// at is the address of a buffer that the kernel may fill.
func at(p *byte) uintptr { return uintptr(unsafe.Pointer(p)) }

// vector names the first n bytes of the buffer.
func vector(n uint64) uintptr {
	iov = unix.Iovec{Base: &buffer[0], Len: n}
	return uintptr(unsafe.Pointer(&iov))
}

func ptrace(request, pid, addr, data uintptr) error {
	if _, _, errno := unix.Syscall6(unix.SYS_PTRACE, request, pid, addr, data, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

func call(nr uintptr, args ...uintptr) error {
	var a [6]uintptr
	copy(a[:], args)
	if _, _, errno := unix.Syscall6(nr, a[0], a[1], a[2], a[3], a[4], a[5]); errno != 0 {
		return errno
	}
	return nil
}

// requests are asked about a child of ours at its exec stop, in this order.
var requests = []struct {
	name string
	ask  func(pid uintptr) error
}{
	{"PTRACE_GETREGS", func(p uintptr) error { return ptrace(unix.PTRACE_GETREGS, p, 0, at(&buffer[0])) }},
	{"PTRACE_GETREGSET NT_PRSTATUS", func(p uintptr) error { return ptrace(unix.PTRACE_GETREGSET, p, 1, vector(4096)) }},
	{"PTRACE_GETREGSET NT_X86_XSTATE", func(p uintptr) error { return ptrace(unix.PTRACE_GETREGSET, p, 0x202, vector(4096)) }},
	{"PTRACE_GETREGSET NT_X86_SHSTK", func(p uintptr) error { return ptrace(unix.PTRACE_GETREGSET, p, ntShadowStack, vector(8)) }},
	{"PTRACE_GETFPXREGS", func(p uintptr) error { return ptrace(unix.PTRACE_GETFPXREGS, p, 0, at(&buffer[0])) }},
	{"PTRACE_GET_THREAD_AREA", func(p uintptr) error { return ptrace(getThreadArea, p, 12, at(&buffer[0])) }},
	{"PTRACE_ARCH_PRCTL ARCH_GET_FS", func(p uintptr) error { return ptrace(archPrctl, p, at(&buffer[0]), 0x1003) }},
	{"PTRACE_POKEUSER u_debugreg[0]", func(p uintptr) error { return ptrace(unix.PTRACE_POKEUSR, p, firstDebugRegister, 0x1000) }},
	{"PTRACE_PEEKSIGINFO", func(p uintptr) error {
		args := struct {
			off      uint64
			flags, n int32
		}{n: 1}
		return ptrace(unix.PTRACE_PEEKSIGINFO, p, uintptr(unsafe.Pointer(&args)), at(&buffer[0]))
	}},
	{"PTRACE_GETSIGMASK", func(p uintptr) error { return ptrace(unix.PTRACE_GETSIGMASK, p, 8, at(&buffer[0])) }},
	{"PTRACE_SETSIGMASK", func(p uintptr) error { return ptrace(unix.PTRACE_SETSIGMASK, p, 8, at(&buffer[0])) }},
	{"PTRACE_GET_SYSCALL_INFO", func(p uintptr) error { return ptrace(unix.PTRACE_GET_SYSCALL_INFO, p, 88, at(&buffer[0])) }},
	// A size of 0 is refused by a kernel that has it, with EINVAL.
	{"PTRACE_SET_SYSCALL_INFO, size 0", func(p uintptr) error { return ptrace(setSyscallInfo, p, 0, at(&buffer[0])) }},
	{"PTRACE_GET_RSEQ_CONFIGURATION", func(p uintptr) error { return ptrace(getRseqConfiguration, p, 24, at(&buffer[0])) }},
	{"PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG", func(p uintptr) error {
		return ptrace(getUserDispatch, p, userDispatchConfigSize, at(&buffer[0]))
	}},
	{"PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG", func(p uintptr) error {
		return ptrace(setUserDispatch, p, userDispatchConfigSize, at(&buffer[0]))
	}},
	{"PTRACE_SECCOMP_GET_FILTER", func(p uintptr) error { return ptrace(unix.PTRACE_SECCOMP_GET_FILTER, p, 0, 0) }},
	{"PTRACE_SECCOMP_GET_METADATA", func(p uintptr) error {
		clear(buffer[:16])
		return ptrace(unix.PTRACE_SECCOMP_GET_METADATA, p, 16, at(&buffer[0]))
	}},
	{"PTRACE_O_SUSPEND_SECCOMP", func(p uintptr) error { return ptrace(unix.PTRACE_SETOPTIONS, p, 0, optionSuspendSeccomp) }},
	{"PTRACE_INTERRUPT, not seized", func(p uintptr) error { return ptrace(unix.PTRACE_INTERRUPT, p, 0, 0) }},
	{"PTRACE_LISTEN, not seized", func(p uintptr) error { return ptrace(unix.PTRACE_LISTEN, p, 0, 0) }},
	{"SECCOMP_RET_TRACE, PTRACE_EVENT_SECCOMP", traces},
	{"PTRACE_SINGLEBLOCK", func(p uintptr) error { return resume(p, singleBlock, unix.SIGTRAP) }},
	{"PTRACE_SYSEMU_SINGLESTEP", func(p uintptr) error { return resume(p, unix.PTRACE_SYSEMU_SINGLESTEP, unix.SIGTRAP) }},
	{"process_vm_readv", func(p uintptr) error { return remote(unix.SYS_PROCESS_VM_READV, p) }},
	{"process_vm_writev", func(p uintptr) error { return remote(unix.SYS_PROCESS_VM_WRITEV, p) }},
	{"pidfd_open", func(p uintptr) error { return call(unix.SYS_PIDFD_OPEN, p, 0) }},
	{"pidfd_open PIDFD_THREAD", func(p uintptr) error { return call(unix.SYS_PIDFD_OPEN, p, pidfdThread) }},
	{"pidfd_send_signal", func(p uintptr) error {
		fd, err := unix.PidfdOpen(int(p), 0)
		if err != nil {
			return err
		}
		return call(unix.SYS_PIDFD_SEND_SIGNAL, uintptr(fd), 0, 0, 0)
	}},
	{"pidfd_getfd", func(p uintptr) error {
		fd, err := unix.PidfdOpen(int(p), 0)
		if err != nil {
			return err
		}
		return call(unix.SYS_PIDFD_GETFD, uintptr(fd), 1, 0)
	}},
	{"waitid P_PIDFD", func(p uintptr) error {
		fd, err := unix.PidfdOpen(int(p), 0)
		if err != nil {
			return err
		}
		return unix.Waitid(unix.P_PIDFD, fd, nil, unix.WEXITED|unix.WNOHANG|unix.WALL, nil)
	}},
	{"kcmp KCMP_VM", func(p uintptr) error { return call(unix.SYS_KCMP, uintptr(os.Getpid()), p, 1) }},
	{"close_range", func(uintptr) error { return call(unix.SYS_CLOSE_RANGE, 1000, 1000, 0) }},
	{"clone3, size 0", func(uintptr) error { return call(unix.SYS_CLONE3, 0, 0) }},
}

func main() {
	runtime.LockOSThread() // the kernel knows a tracer by its thread
	switch word := strings.Join(os.Args[1:], " "); word {
	case "child":
		filtered()
	case "waits", "waits, named":
		waits(word == "waits, named")
	}
	pid, err := syscall.ForkExec("/proc/self/exe", []string{"probe", "child"}, &syscall.ProcAttr{
		Env:   []string{"GODEBUG=asyncpreemptoff=1"}, // no signal but those asked for
		Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{Ptrace: true},
	})
	if err != nil {
		fmt.Println("PTRACE_TRACEME", word(err))
		os.Exit(1)
	}
	var status unix.WaitStatus
	unix.Wait4(pid, &status, unix.WALL, nil)
	for _, r := range requests {
		fmt.Printf("%-40s %s\n", r.name, word(r.ask(uintptr(pid))))
	}
	unix.Kill(pid, unix.SIGKILL)
}

func word(err error) string {
	if errno, ok := err.(syscall.Errno); ok {
		return unix.ErrnoName(errno)
	}
	if err != nil {
		return err.Error()
	}
	return "ok"
}

// waits is a process that somebody else attaches to. It says when it is ready;
// with named it lets Yama know that anybody may.
func waits(named bool) {
	if named {
		unix.Prctl(unix.PR_SET_PTRACER, unix.PR_SET_PTRACER_ANY, 0, 0, 0) // EINVAL without Yama
	}
	fmt.Println("ready")
	for {
		unix.Pause()
	}
}

// filtered is the child: getppid, and nothing else, asks the tracer.
func filtered() {
	code := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // the number
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 1, K: unix.SYS_GETPPID},
		{Code: unix.BPF_RET | unix.BPF_K, K: returnTrace},
		{Code: unix.BPF_RET | unix.BPF_K, K: returnAllow},
	}
	prog := unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		os.Exit(1)
	}
	if err := unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&prog)), 0, 0); err != nil {
		os.Exit(2)
	}
	unix.Getppid()
	for {
		unix.Pause()
	}
}

// traces continues the child until its filter asks for us.
func traces(pid uintptr) error {
	if err := ptrace(unix.PTRACE_SETOPTIONS, pid, 0, unix.PTRACE_O_TRACESECCOMP); err != nil {
		return err
	}
	for sig := unix.Signal(0); ; {
		if err := ptrace(unix.PTRACE_CONT, pid, 0, uintptr(sig)); err != nil {
			return err
		}
		var status unix.WaitStatus
		if _, err := unix.Wait4(int(pid), &status, unix.WALL, nil); err != nil {
			return err
		}
		switch {
		case uint32(status)>>16 == eventSeccomp:
			return nil
		case !status.Stopped():
			return fmt.Errorf("no stop, but status %#x", uint32(status))
		}
		sig = status.StopSignal()
	}
}

// resume makes a request that runs the tracee, and wants the stop that follows.
func resume(pid, request uintptr, want unix.Signal) error {
	if err := ptrace(request, pid, 0, 0); err != nil {
		return err
	}
	var status unix.WaitStatus
	if _, err := unix.Wait4(int(pid), &status, unix.WALL, nil); err != nil {
		return err
	}
	if !status.Stopped() || status.StopSignal()&^0x80 != want {
		return fmt.Errorf("status %#x", uint32(status))
	}
	return nil
}

// remote reads or writes a word of the tracee's stack.
func remote(nr, pid uintptr) error {
	var regs unix.PtraceRegs
	if err := unix.PtraceGetRegs(int(pid), &regs); err != nil {
		return err
	}
	far := unix.RemoteIovec{Base: uintptr(regs.Rsp) &^ 7, Len: 8}
	vector(8)
	if nr == unix.SYS_PROCESS_VM_WRITEV {
		if err := ptrace(unix.PTRACE_PEEKDATA, pid, far.Base, at(&buffer[0])); err != nil {
			return err
		}
	}
	return call(nr, pid, uintptr(unsafe.Pointer(&iov)), 1, uintptr(unsafe.Pointer(&far)), 1, 0)
}
