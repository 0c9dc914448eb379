package tracer

import (
	"syscall"
	"testing"
)

// The C line of a call is glibc's spelling: ptrace(3) returns the word that a
// PEEK has read, and -1 with errno where the system call says -errno.
func TestC(t *testing.T) {
	for _, c := range []struct {
		call Call
		want string
	}{
		{Call{Request: TraceMe, TID: 7}, "ptrace(PTRACE_TRACEME, 0, NULL, NULL) = 0"},
		{Call{Request: PeekUser, TID: 7, Addr: 120, Value: 59, HasValue: true},
			"ptrace(PTRACE_PEEKUSER, 7, 8*ORIG_RAX, NULL) = 59"},
		{Call{Request: PeekUser, TID: 7, Addr: 60, Errno: syscall.EIO},
			"ptrace(PTRACE_PEEKUSER, 7, 60, NULL) = -1 EIO (Input/output error)"},
		{Call{Request: PeekUser, TID: 7, Addr: 128, Value: 0x401000, HasValue: true},
			"ptrace(PTRACE_PEEKUSER, 7, 8*RIP, NULL) = 0x401000"},
		{Call{Request: PeekData, TID: 7, Addr: 0x402000, Value: ^Word(0), HasValue: true},
			"ptrace(PTRACE_PEEKDATA, 7, 0x402000, NULL) = -1"},
		{Call{Request: PokeData, TID: 7, Addr: 0x402000, Data: 0xcc}, "ptrace(PTRACE_POKEDATA, 7, 0x402000, 204) = 0"},
		{Call{Request: SingleStep, TID: 7}, "ptrace(PTRACE_SINGLESTEP, 7, NULL, 0) = 0"},
		{Call{Request: Cont, TID: 7, Data: 10}, "ptrace(PTRACE_CONT, 7, NULL, SIGUSR1) = 0"},
		{Call{Request: Detach, TID: 7, Data: 19}, "ptrace(PTRACE_DETACH, 7, NULL, SIGSTOP) = 0"},
		{Call{Request: GetRegs, TID: 7, Pointer: "&regs"}, "ptrace(PTRACE_GETREGS, 7, NULL, &regs) = 0"},
		{Call{Request: GetRegSet, TID: 7, Addr: 1, Pointer: "&iov"}, "ptrace(PTRACE_GETREGSET, 7, NT_PRSTATUS, &iov) = 0"},
		{Call{Request: SetRegSet, TID: 7, Addr: 0x202, Pointer: "&iov"}, "ptrace(PTRACE_SETREGSET, 7, NT_X86_XSTATE, &iov) = 0"},
		{Call{Request: GetRegSet, TID: 7, Addr: 0x777, Pointer: "&iov", Errno: syscall.EINVAL},
			"ptrace(PTRACE_GETREGSET, 7, 0x777, &iov) = -1 EINVAL (Invalid argument)"},
		{Call{Request: PeekSigInfo, TID: 7, AddrPointer: "&args", Pointer: "siginfos", Result: 2},
			"ptrace(PTRACE_PEEKSIGINFO, 7, &args, siginfos) = 2"},
		{Call{Request: GetSigMask, TID: 7, Addr: 8, Pointer: "&mask", Value: 9, HasValue: true}, "ptrace(PTRACE_GETSIGMASK, 7, 8, &mask) = 0"},
		{Call{Request: ArchPrctl, TID: 7, AddrPointer: "&base", Data: 0x1003, Value: 9, HasValue: true},
			"ptrace(PTRACE_ARCH_PRCTL, 7, &base, ARCH_GET_FS) = 0"},
		{Call{Request: ArchPrctl, TID: 7, Addr: 0x10000, Data: 0x1002}, "ptrace(PTRACE_ARCH_PRCTL, 7, 0x10000, ARCH_SET_FS) = 0"},
		{Call{Request: GetThreadArea, TID: 7, Addr: 12, Pointer: "&desc"}, "ptrace(PTRACE_GET_THREAD_AREA, 7, 12, &desc) = 0"},
		{Call{Request: SeccompGetFilter, TID: 7, Result: 4}, "ptrace(PTRACE_SECCOMP_GET_FILTER, 7, 0, NULL) = 4"},
		{Call{Request: GetRseqConfiguration, TID: 7, Addr: 24, Pointer: "&rseq", Result: 24},
			"ptrace(PTRACE_GET_RSEQ_CONFIGURATION, 7, 24, &rseq) = 24"},
		{Call{Request: SysEmu, TID: 7, Data: 10}, "ptrace(PTRACE_SYSEMU, 7, NULL, SIGUSR1) = 0"},
		{Call{Request: SingleBlock, TID: 7}, "ptrace(PTRACE_SINGLEBLOCK, 7, NULL, 0) = 0"},
		{Call{Request: Kill, TID: 7}, "ptrace(PTRACE_KILL, 7, NULL, NULL) = 0"},
		{Call{Request: OldSetOptions, TID: 7, Data: 1}, "ptrace(PTRACE_OLDSETOPTIONS, 7, NULL, PTRACE_O_TRACESYSGOOD) = 0"},
		{Call{Request: GetEventMsg, TID: 7, Pointer: "&msg", Value: 9, HasValue: true},
			"ptrace(PTRACE_GETEVENTMSG, 7, NULL, &msg) = 0"},
		{Call{Request: GetSyscallInfo, TID: 7, Addr: 88, Pointer: "&info", Result: 80},
			"ptrace(PTRACE_GET_SYSCALL_INFO, 7, 88, &info) = 80"},
		{Call{Request: SetOptions, TID: 7, Data: uint64(TraceExec | ExitKill)},
			"ptrace(PTRACE_SETOPTIONS, 7, NULL, PTRACE_O_TRACEEXEC|PTRACE_O_EXITKILL) = 0"},
		{Call{Request: Seize, TID: 7}, "ptrace(PTRACE_SEIZE, 7, NULL, 0) = 0"},
		{Call{Request: Attach, TID: 7, Errno: syscall.EPERM},
			"ptrace(PTRACE_ATTACH, 7, NULL, NULL) = -1 EPERM (Operation not permitted)"},
		{Call{Request: notPtrace, Name: "fork", Result: 7}, "fork() = 7"},
		{Call{Request: notPtrace, Name: "execve", Path: "/bin/ls", Argv: []string{"ls", "-l"}},
			`execve("/bin/ls", {"ls", "-l", NULL}, envp) = 0`},
		{Call{Request: notPtrace, Name: "wait4", TID: 7, Flag: wAll | wNoThread, Result: 7},
			"wait4(7, &status, __WALL|__WNOTHREAD, NULL) = 7"},
		{Call{Request: notPtrace, Name: "wait4", TID: Any, Flag: wNoHang}, "wait4(-1, &status, WNOHANG, NULL) = 0"},
		{Call{Request: notPtrace, Name: "kill", TID: 7, Flag: 9}, "kill(7, SIGKILL) = 0"},
		{Call{Request: notPtrace, Name: "process_vm_readv", TID: 7, Addr: 0x401000, Len: 16, Result: 16},
			"process_vm_readv(7, &local, 1, {0x401000, 16}, 1, 0) = 16"},
		{Call{Request: notPtrace, Name: "openat", TID: 7, Path: "/proc/7/mem", Flag: oRDWR | oCloExec, Result: 5},
			`openat(AT_FDCWD, "/proc/7/mem", O_RDWR|O_CLOEXEC) = 5`},
		{Call{Request: notPtrace, Name: "pwrite64", TID: 7, Addr: 0x401000, Len: 1, Result: 1}, "pwrite(mem, local, 1, 0x401000) = 1"},
		{Call{Request: notPtrace, Name: "waitid", TID: 7}, "waitid(P_PID, 7, NULL, WEXITED|WNOWAIT) = 0"},
	} {
		if c.call.IsPtrace() {
			c.call.Name = c.call.Request.String()
		}
		if got := c.call.C(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestOptions(t *testing.T) {
	for o, want := range map[Option]string{
		0:                       "0",
		TraceSysGood:            "PTRACE_O_TRACESYSGOOD",
		TraceExec | TraceExit:   "PTRACE_O_TRACEEXEC|PTRACE_O_TRACEEXIT",
		TraceFork | ExitKill:    "PTRACE_O_TRACEFORK|PTRACE_O_EXITKILL",
		TraceSysGood | 1<<40:    "PTRACE_O_TRACESYSGOOD|0x10000000000",
		TraceVfork | TraceClone: "PTRACE_O_TRACEVFORK|PTRACE_O_TRACECLONE",
	} {
		if got := o.String(); got != want {
			t.Errorf("Option(%#x) = %s, want %s", uint64(o), got, want)
		}
	}
}

func TestWord(t *testing.T) {
	for w, want := range map[Word]string{
		0: "0", 59: "59", ^Word(0): "-1", ^Word(37): "-38", 9999: "9999", 10000: "0x2710", 0x401000: "0x401000",
	} {
		if got := w.String(); got != want {
			t.Errorf("Word(%#x) = %s, want %s", uint64(w), got, want)
		}
	}
}

func TestErrorNamesTheRequest(t *testing.T) {
	err := &Error{Request: "PTRACE_PEEKUSER", TID: 7, Addr: 60, Err: syscall.EIO}
	if got, want := err.Error(), "PTRACE_PEEKUSER of 7 at 0x3c: Input/output error (EIO)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
