package explain

import (
	"slices"
	"strings"
	"testing"
)

// TestLines has what other tools print, and we: the first page is the one that the
// learner needs, and the others that are named here are among the rest.
func TestLines(t *testing.T) {
	for _, tt := range []struct {
		line, first string
		rest        []string
	}{
		// of the C library
		{"Operation not permitted", `EPERM is errno 1, "Operation not permitted"`, nil},
		{"ptrace: No such process.", `ESRCH is errno 3, "No such process"`, nil},
		{"ptrace(PEEKTEXT): Input/output error", "EIO from PTRACE_PEEKTEXT", nil},
		{"waitpid: No child processes", "ECHILD from wait4", nil},
		{"./tracer: PTRACE_TRACEME: Operation not permitted", "EPERM from PTRACE_TRACEME", nil},
		{"Trace/breakpoint trap (core dumped)", `SIGTRAP is signal 5, "Trace/breakpoint trap"`, nil},
		{"bash: line 1: 11600 Segmentation fault      ./a.out", `SIGSEGV is signal 11, "Segmentation fault"`, nil},

		// of strace
		{"strace: attach: ptrace(PTRACE_SEIZE, 1): Operation not permitted", "EPERM from PTRACE_SEIZE", []string{"PTRACE_SEIZE is request 16902, 0x4206"}},
		{"strace: Could not attach to process. If your uid matches the uid of the target process, check the setting of /proc/sys/kernel/yama/ptrace_scope, or try again as the root user. For more details, see /etc/sysctl.d/10-ptrace.conf: Operation not permitted",
			"EPERM from PTRACE_ATTACH", []string{"Yama, in the glossary"}},
		{`execve("./x.sh", ["./x.sh"], 0x7ffdc3770530 /* 35 vars */) = -1 ENOENT (No such file or directory)`, "ENOENT from execve", []string{"execve is system call 59 of x86-64"}},
		{"<... rt_sigsuspend resumed>)            = ? ERESTARTNOHAND (To be restarted if no handler)", `ERESTARTNOHAND is errno 514, "Interrupted system call will be restarted if there is no handler"`, nil},
		{"--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=11576, si_uid=0, si_status=0, si_utime=0, si_stime=0} ---",
			`SIGCHLD is signal 17, "Child exited"`, []string{"CLD_EXITED is si_code 1", "siginfo, si_code, in the glossary"}},
		{"+++ killed by SIGSEGV +++", "killed is how wait4 reports it", []string{`SIGSEGV is signal 11, "Segmentation fault"`}},
		{"+++ exited with 3 +++", "exited is how wait4 reports it", nil},
		{"[pid 11575] wait4(-1,  <unfinished ...>", "wait4 is system call 61 of x86-64", []string{"syscall-enter-stop is how wait4 reports it"}},
		{"clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD) = 4711", "clone is system call 56 of x86-64", nil},
		{"strace: Process 10597 attached", "attach, in the glossary", nil},

		// of gdb
		{"Couldn't get registers: No such process.", "ESRCH from PTRACE_GETREGS", nil},
		{"Couldn't write debug register: Invalid argument.", "EINVAL from PTRACE_POKEUSER", []string{"debug register, in the glossary"}},
		{"warning: ptrace: Function not implemented", `ENOSYS is errno 38, "Function not implemented"`, nil},
		{"warning: process 10597 is already traced by process 10723", "PT-TRACED is a diagnosis of ptwalk doctor", nil},
		{"warning: process 4711 is a zombie - the process has already terminated", "PT-ZOMBIE is a diagnosis of ptwalk doctor", nil},
		{"warning: Error disabling address space randomization: Operation not permitted", `EPERM is errno 1, "Operation not permitted"`, []string{"ASLR, in the glossary"}},
		{"0x0:	Cannot access memory at address 0x0", "PTRACE_PEEKDATA is request 2, 0x2", []string{`EIO is errno 5, "Input/output error"`}},
		{"Program received signal SIGSEGV, Segmentation fault.", `SIGSEGV is signal 11, "Segmentation fault"`, nil},
		{"Program terminated with signal SIGTRAP, Trace/breakpoint trap.", `SIGTRAP is signal 5, "Trace/breakpoint trap"`, nil},
		{"[Inferior 1 (process 10976) exited with code 01]", "exited is how wait4 reports it", nil},
		{"The program is not being run.", "exited is how wait4 reports it", nil},

		{"#1  0x000055555555517d in main (c=1, v=0x7fffffffe7d8) at p.c:3", "unwinding, in the glossary", nil},
		{"Hardware watchpoint 2: g", "watchpoint, in the glossary", nil},
		{"Num     Type           Disp Enb Address            What", "breakpoint, in the glossary", nil},
		{"=> 0x555555555144 <fact+11>:	cmpl   $0x1,-0x4(%rbp)", "cmp, in the glossary", nil},
		{"   0x555555555148 <fact+15>:	jg     0x555555555151 <fact+24>", "jmp, in the glossary", nil},
		{"eflags         0x202               [ IF ]", "eflags is a register of x86-64 programs", nil},
		{"      0x555555555000     0x555555556000     0x1000     0x1000  r-xp   /tmp/p", "mapping, in the glossary", nil},
		{`No symbol "k" in current context.`, "scope, in the glossary", []string{"symbol, in the glossary"}},
		{"k = <optimized out>", "optimised out, in the glossary", nil},
		{"Single stepping until exit from function main,", "single-step, in the glossary", nil},
		{"which has no line number information.", "line table, in the glossary", nil},
		{"(No debugging symbols found in /bin/true)", "DWARF, in the glossary", []string{"stripped, in the glossary"}},
		{"Backtrace stopped: previous frame identical to this frame (corrupt stack?)", "unwinding, in the glossary", nil},
		{"Run till exit from #0  fact (n=4) at p.c:2", "finish, in the glossary", nil},
		{"[Detaching after fork from child process 14308]", "PTRACE_DETACH is request 17, 0x11", nil},
		{"process 10 is executing new program: /bin/true", "exec, in the glossary", nil},
		{"Catchpoint 3 (syscall 'write' [1])", "syscall-enter-stop is how wait4 reports it", nil},

		// of readelf, objdump and /proc
		{"    <70>   DW_AT_frame_base  : 1 byte block: 9c 	(DW_OP_call_frame_cfa)", "DW_AT_frame_base is a constant of DWARF 5", []string{"DW_OP_call_frame_cfa is a constant of DWARF 5"}},
		{"  DW_CFA_def_cfa: r7 (rsp) ofs 8", "DW_CFA_def_cfa is a constant of DWARF 5", nil},
		{"  401014:	cd 80                	int    $0x80", "int 0x80, in the glossary", nil},
		{"7f29adcf0000-7f29add16000 r--p 00000000 fe:00 1234 /usr/lib/x86_64-linux-gnu/libc.so.6", "mapping, in the glossary", nil},
		{"TracerPid:	4711", "tracer, in the glossary", nil},
		{"State:	t (tracing stop)", "state, in the glossary", nil},
		{"AT_SYSINFO_EHDR:      0x7ffd1c9f2000", "AT_SYSINFO_EHDR is a constant of <elf.h>", nil},
		{"mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f29adedc000", "mmap is system call 9 of x86-64", []string{"PROT_READ is a constant of <sys/mman.h>"}},

		// of others
		{"could not attach to pid 1: operation not permitted", "EPERM from PTRACE_ATTACH", nil},
		{"fork/exec ./hello: operation not permitted", "EPERM from execve", nil},
		{"fork/exec ./hello: exec format error", "ENOEXEC from execve", nil},
		{"error: attach failed: Operation not permitted", "EPERM from PTRACE_ATTACH", nil},

		// ours
		{"ptwalk: EPERM: Process 1 belongs to user root. [PT-OWNER]", "PT-OWNER is a diagnosis of ptwalk doctor", []string{`EPERM is errno 1, "Operation not permitted"`}},
		{"tracer  ptrace(PTRACE_PEEKUSER, 4211, 60, NULL) = -1 EIO (Input/output error)", "EIO from PTRACE_PEEKUSER", nil},
		{"tracer  wait4(4211, &status, __WALL|__WNOTHREAD, NULL)       = 4211", "wait4 is system call 61 of x86-64", []string{"__WALL is a constant of <linux/wait.h>"}},
		{"kernel  0x057f 5 SIGTRAP, stopped, si_code 2 TRAP_TRACE", "0x057f is a wait status: signal-delivery-stop by SIGTRAP", []string{"TRAP_TRACE is si_code 2"}},
		{"PTRACE_O_TRACEEXEC|PTRACE_O_EXITKILL", "PTRACE_O_TRACEEXEC is bit 0x10 of the options", []string{"PTRACE_O_EXITKILL is bit 0x100000 of the options"}},
	} {
		pages, err := Words(strings.Fields(tt.line), "")
		if err != nil {
			t.Errorf("%s: %v", tt.line, err)
			continue
		}
		var titles []string
		for _, p := range pages {
			titles = append(titles, p.Title)
		}
		if titles[0] != tt.first {
			t.Errorf("%s\n%q\nwant %q first", tt.line, titles, tt.first)
		}
		for _, want := range tt.rest {
			if !slices.Contains(titles, want) {
				t.Errorf("%s\n%q\nwant %q among them", tt.line, titles, want)
			}
		}
	}
}
