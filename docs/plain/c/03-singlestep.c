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

/* must ends the program with one sentence if result is -1. */
static void must(const char *what, long result)
{
	if (result != -1)
		return;
	fprintf(stderr, "03-singlestep: %s: %s\n", what, strerror(errno));
	exit(1);
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

	for (int stop = 1; WIFSTOPPED(status); stop++) {
		/* PTRACE_GETREGS: rip is the address of the next instruction. */
		struct user_regs_struct regs = {0};
		(void)ptrace(PTRACE_GETREGS, pid, 0, &regs);
		/* PTRACE_GETSIGINFO: why it stopped. si_code is 0 after execve, 2 (TRAP_TRACE)
		 * after a step, and 1 (TRAP_BRKPT) after a step over a system call. */
		siginfo_t info = {0};
		(void)ptrace(PTRACE_GETSIGINFO, pid, 0, &info);
		/* PTRACE_PEEKTEXT: one word of memory, 8 bytes. The next instruction is at its
		 * start. Only the processor knows how long it is. */
		errno = 0;
		long word = ptrace(PTRACE_PEEKTEXT, pid, regs.rip, 0);
		if (errno != 0)
			word = 0; /* nothing to read there */
		printf("stop %d: rip 0x%llx, signal %d, si_code %d, bytes",
		       stop, regs.rip, WSTOPSIG(status), info.si_code);
		for (int i = 0; i < 8; i++)
			printf(" %02x", (unsigned)(word >> 8 * i) & 0xff);
		printf("\n");

		/* The tracee stops before a signal is delivered, and the tracer decides. The
		 * SIGTRAPs of execve and of steps (codes 0 to 5) end here. All others go on to
		 * the program. */
		int deliver = WSTOPSIG(status);
		if (deliver == SIGTRAP && info.si_code >= 0 && info.si_code <= 5)
			deliver = 0;
		/* PTRACE_SINGLESTEP restarts it, with that signal, for one instruction. ESRCH:
		 * somebody has killed it. */
		if (ptrace(PTRACE_SINGLESTEP, pid, 0, deliver) == -1 && errno != ESRCH)
			must("PTRACE_SINGLESTEP", -1);
		/* The stop after the step; or the end, for no stop follows the exit call. */
		must("waitpid", waitpid(pid, &status, __WALL));
	}
	if (WIFEXITED(status))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)status, WEXITSTATUS(status));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	return 0;
}
