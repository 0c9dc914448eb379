//go:build linux && amd64

package names_test

import (
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"ptwalk/tracer/names"
)

// The numbers are typed in the tables; golang.org/x/sys takes the same ones from
// the kernel's headers.
func TestRequestsAgreeWithTheHeaders(t *testing.T) {
	for name, number := range map[string]uint64{
		"PTRACE_TRACEME": unix.PTRACE_TRACEME, "PTRACE_PEEKTEXT": unix.PTRACE_PEEKTEXT,
		"PTRACE_PEEKDATA": unix.PTRACE_PEEKDATA, "PTRACE_PEEKUSER": unix.PTRACE_PEEKUSR,
		"PTRACE_POKETEXT": unix.PTRACE_POKETEXT, "PTRACE_POKEDATA": unix.PTRACE_POKEDATA,
		"PTRACE_POKEUSER": unix.PTRACE_POKEUSR, "PTRACE_CONT": unix.PTRACE_CONT,
		"PTRACE_KILL": unix.PTRACE_KILL, "PTRACE_SINGLESTEP": unix.PTRACE_SINGLESTEP,
		"PTRACE_GETREGS": unix.PTRACE_GETREGS, "PTRACE_SETREGS": unix.PTRACE_SETREGS,
		"PTRACE_GETFPREGS": unix.PTRACE_GETFPREGS, "PTRACE_SETFPREGS": unix.PTRACE_SETFPREGS,
		"PTRACE_ATTACH": unix.PTRACE_ATTACH, "PTRACE_DETACH": unix.PTRACE_DETACH,
		"PTRACE_GETFPXREGS": unix.PTRACE_GETFPXREGS, "PTRACE_SETFPXREGS": unix.PTRACE_SETFPXREGS,
		"PTRACE_OLDSETOPTIONS": unix.PTRACE_OLDSETOPTIONS, "PTRACE_SYSCALL": unix.PTRACE_SYSCALL,
		"PTRACE_GET_THREAD_AREA": unix.PTRACE_GET_THREAD_AREA, "PTRACE_SET_THREAD_AREA": unix.PTRACE_SET_THREAD_AREA,
		"PTRACE_ARCH_PRCTL": unix.PTRACE_ARCH_PRCTL, "PTRACE_SYSEMU": unix.PTRACE_SYSEMU,
		"PTRACE_SYSEMU_SINGLESTEP": unix.PTRACE_SYSEMU_SINGLESTEP, "PTRACE_SINGLEBLOCK": unix.PTRACE_SINGLEBLOCK,
		"PTRACE_SETOPTIONS": unix.PTRACE_SETOPTIONS, "PTRACE_GETEVENTMSG": unix.PTRACE_GETEVENTMSG,
		"PTRACE_GETSIGINFO": unix.PTRACE_GETSIGINFO, "PTRACE_SETSIGINFO": unix.PTRACE_SETSIGINFO,
		"PTRACE_GETREGSET": unix.PTRACE_GETREGSET, "PTRACE_SETREGSET": unix.PTRACE_SETREGSET,
		"PTRACE_SEIZE": unix.PTRACE_SEIZE, "PTRACE_INTERRUPT": unix.PTRACE_INTERRUPT,
		"PTRACE_LISTEN": unix.PTRACE_LISTEN, "PTRACE_PEEKSIGINFO": unix.PTRACE_PEEKSIGINFO,
		"PTRACE_GETSIGMASK": unix.PTRACE_GETSIGMASK, "PTRACE_SETSIGMASK": unix.PTRACE_SETSIGMASK,
		"PTRACE_SECCOMP_GET_FILTER":               unix.PTRACE_SECCOMP_GET_FILTER,
		"PTRACE_SECCOMP_GET_METADATA":             unix.PTRACE_SECCOMP_GET_METADATA,
		"PTRACE_GET_SYSCALL_INFO":                 unix.PTRACE_GET_SYSCALL_INFO,
		"PTRACE_GET_RSEQ_CONFIGURATION":           unix.PTRACE_GET_RSEQ_CONFIGURATION,
		"PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG": unix.PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG,
		"PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG": unix.PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG,
		"PTRACE_SET_SYSCALL_INFO":                 unix.PTRACE_SET_SYSCALL_INFO,
	} {
		if r, ok := names.RequestByName(name); !ok || r.Number != number {
			t.Errorf("%s is %#x, want %#x", name, r.Number, number)
		}
	}
}

func TestOptionsAgreeWithTheHeaders(t *testing.T) {
	for bit, name := range map[uint64]string{
		unix.PTRACE_O_TRACESYSGOOD: "PTRACE_O_TRACESYSGOOD", unix.PTRACE_O_TRACEFORK: "PTRACE_O_TRACEFORK",
		unix.PTRACE_O_TRACEVFORK: "PTRACE_O_TRACEVFORK", unix.PTRACE_O_TRACECLONE: "PTRACE_O_TRACECLONE",
		unix.PTRACE_O_TRACEEXEC: "PTRACE_O_TRACEEXEC", unix.PTRACE_O_TRACEVFORKDONE: "PTRACE_O_TRACEVFORKDONE",
		unix.PTRACE_O_TRACEEXIT: "PTRACE_O_TRACEEXIT", unix.PTRACE_O_TRACESECCOMP: "PTRACE_O_TRACESECCOMP",
		unix.PTRACE_O_EXITKILL: "PTRACE_O_EXITKILL", unix.PTRACE_O_SUSPEND_SECCOMP: "PTRACE_O_SUSPEND_SECCOMP",
	} {
		if got := names.OptionString(bit); got != name {
			t.Errorf("bit %#x is %s, want %s", bit, got, name)
		}
	}
	var mask uint64
	for _, o := range names.Options {
		mask |= o.Bit
	}
	if mask != unix.PTRACE_O_MASK {
		t.Errorf("the options together are %#x, want %#x", mask, unix.PTRACE_O_MASK)
	}
}

func TestEventsAgreeWithTheHeaders(t *testing.T) {
	for number, name := range map[int]string{
		unix.PTRACE_EVENT_FORK: "PTRACE_EVENT_FORK", unix.PTRACE_EVENT_VFORK: "PTRACE_EVENT_VFORK",
		unix.PTRACE_EVENT_CLONE: "PTRACE_EVENT_CLONE", unix.PTRACE_EVENT_EXEC: "PTRACE_EVENT_EXEC",
		unix.PTRACE_EVENT_VFORK_DONE: "PTRACE_EVENT_VFORK_DONE", unix.PTRACE_EVENT_EXIT: "PTRACE_EVENT_EXIT",
		unix.PTRACE_EVENT_SECCOMP: "PTRACE_EVENT_SECCOMP", unix.PTRACE_EVENT_STOP: "PTRACE_EVENT_STOP",
	} {
		if got := names.EventName(number); got != name {
			t.Errorf("event %d is %s, want %s", number, got, name)
		}
	}
}

func TestSignalsAgreeWithTheHeaders(t *testing.T) {
	for _, s := range names.Signals {
		if got := unix.SignalName(syscall.Signal(s.Number)); got != s.Name {
			t.Errorf("signal %d is %s, want %s", s.Number, s.Name, got)
		}
	}
}

// Two errnos have two names; x/sys answers with the other one.
var otherErrnoName = map[int]string{95: "ENOTSUP", 117: "EFSCORRUPTED"}

// Go spells the texts of strerror(3) without a capital letter. It has none for
// the last errno, EHWPOISON, and does not know the kernel's own above it.
func TestErrnosAgreeWithTheHeaders(t *testing.T) {
	found, want := 0, 0
	for _, e := range names.Errnos {
		if e.Number > 133 {
			continue
		}
		found++
		errno := syscall.Errno(e.Number)
		if got := unix.ErrnoName(errno); got != e.Name && got != otherErrnoName[e.Number] {
			t.Errorf("errno %d is %s, want %s", e.Number, e.Name, got)
		}
		if e.Number < 133 && !strings.EqualFold(errno.Error(), e.Text) {
			t.Errorf("%s is %q, want %q", e.Name, e.Text, errno.Error())
		}
	}
	for n := 1; n <= 133; n++ {
		if unix.ErrnoName(syscall.Errno(n)) != "" {
			want++
		}
	}
	if found != want {
		t.Errorf("the table has %d errnos up to 133, the headers have %d", found, want)
	}
}

func TestSyscallsAgreeWithTheHeaders(t *testing.T) {
	for name, nr := range map[string]int64{
		"execve": unix.SYS_EXECVE, "newfstatat": unix.SYS_NEWFSTATAT, "_sysctl": unix.SYS__SYSCTL,
		"pread64": unix.SYS_PREAD64, "clone3": unix.SYS_CLONE3, "rseq": unix.SYS_RSEQ,
	} {
		if got, ok := names.SyscallNumber("x86-64", name); !ok || got != nr {
			t.Errorf("%s is %d, want %d", name, got, nr)
		}
	}
}
