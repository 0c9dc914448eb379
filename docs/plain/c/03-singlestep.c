/*
 * 03-singlestep runs a program one instruction at a time. It prints each stop: where
 * the tracee is, which signal stopped it and why, and the bytes that come next.
 * ../03-singlestep/main.go is the same in Go.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* si_code of the SIGTRAPs that ptrace makes, beside TRAP_BRKPT (a system call was
 * stepped) and TRAP_TRACE (another instruction was stepped) of <signal.h>. */
#define HANDLER_ENTRY SIGTRAP                          /* a signal handler begins */
#define EXEC_EVENT (SIGTRAP | PTRACE_EVENT_EXEC << 8) /* an execve */

/* must ends the program with one sentence if result is -1. */
static void must(const char *what, long result)
{
	if (result != -1)
		return;
	fprintf(stderr, "03-singlestep: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* single_step restarts the tracee and delivers this signal to it, 0 for none; it stops
 * after one instruction. After ESRCH the next wait reports how it was killed. */
static void single_step(pid_t pid, int sig)
{
	if (ptrace(PTRACE_SINGLESTEP, pid, 0, sig) == -1 && errno != ESRCH)
		must("PTRACE_SINGLESTEP", -1);
}

/* from_ptrace reports whether ptrace made the SIGTRAP with this si_code. */
static int from_ptrace(int code)
{
	return code == TRAP_BRKPT || code == TRAP_TRACE || code == HANDLER_ENTRY || code == EXEC_EVENT;
}

/* print_text prints one word, 8 bytes, of the tracee's memory, read by PTRACE_PEEKTEXT.
 * The next instruction is at its start. Only the processor knows how long it is. */
static void print_text(pid_t pid, unsigned long long addr)
{
	errno = 0;
	long word = ptrace(PTRACE_PEEKTEXT, pid, addr, 0);
	for (int i = 0; errno == 0 && i < 8; i++)
		printf(" %02x", (unsigned)(word >> 8 * i) & 0xff);
	printf("\n");
}

int main(int argc, char **argv)
{
	char *bundled[] = {"asm/bin/hello64", NULL};
	char **program = argc > 1 ? argv + 1 : bundled;

	/* Write line by line, so that our lines and the tracee's keep their order. */
	setvbuf(stdout, NULL, _IOLBF, 0);

	/* fork; in the child PR_SET_PDEATHSIG, PTRACE_TRACEME and execve. The wait
	 * reports the stop that execve makes. */
	pid_t tracer = getpid();
	pid_t pid = fork();
	must("fork", pid);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != tracer)
			_exit(127);
		if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0)
			execv(program[0], program);
		fprintf(stderr, "03-singlestep: cannot run %s under ptrace: %s\n", program[0], strerror(errno));
		_exit(127);
	}
	int status;
	must("waitpid", waitpid(pid, &status, __WALL));
	if (!WIFSTOPPED(status))
		return 1; /* it has said why */

	/* With PTRACE_O_TRACEEXEC a later execve makes an event stop. Without it the
	 * kernel would send a SIGTRAP that looks like the program's own. */
	must("PTRACE_SETOPTIONS", ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXEC));

	for (int stop = 1; WIFSTOPPED(status); stop++) {
		int deliver = 0;
		/* PTRACE_GETSIGINFO: the siginfo of the signal that caused the stop. EINVAL is
		 * a group-stop, where there is no signal. ESRCH: it was killed meanwhile. */
		siginfo_t info;
		if (ptrace(PTRACE_GETSIGINFO, pid, 0, &info) == -1) {
			printf("stop %d: no siginfo, errno %d\n", stop, errno);
		} else {
			/* PTRACE_GETREGS: rip is the address of the next instruction. */
			struct user_regs_struct regs = {0};
			(void)ptrace(PTRACE_GETREGS, pid, 0, &regs);
			printf("stop %d: rip 0x%llx, signal %d, si_code %d, bytes",
			       stop, regs.rip, WSTOPSIG(status), info.si_code);
			print_text(pid, regs.rip);

			/* A tracee stops before a signal is delivered. The tracer decides: a
			 * SIGTRAP of ptrace ends here, every other signal is for the program. */
			deliver = WSTOPSIG(status);
			if (deliver == SIGTRAP && (stop == 1 || from_ptrace(info.si_code)))
				deliver = 0;
		}

		/* One instruction, and the wait for the stop after it. The last one, the
		 * system call exit, has no stop: the wait reports the end. */
		single_step(pid, deliver);
		must("waitpid", waitpid(pid, &status, __WALL));
	}
	if (WIFEXITED(status))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)status, WEXITSTATUS(status));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	return 0;
}
