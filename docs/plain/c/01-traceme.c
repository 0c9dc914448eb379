/*
 * 01-traceme starts a program as its tracee, looks at the stop that execve makes,
 * lets the program go and reaps it. ../01-traceme/main.go is the same in Go.
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
	fprintf(stderr, "01-traceme: %s: %s\n", what, strerror(errno));
	exit(1);
}

int main(int argc, char **argv)
{
	char *bundled[] = {"asm/bin/hello64", NULL};
	char **program = argc > 1 ? argv + 1 : bundled;

	/* Write line by line, so that our lines and the tracee's keep their order. */
	setvbuf(stdout, NULL, _IOLBF, 0);

	pid_t tracer = getpid();
	pid_t pid = fork();
	must("fork", pid);
	if (pid == 0) {
		/* The child: the kernel shall kill it if we die, even if we just did. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != tracer)
			_exit(127);
		/* PTRACE_TRACEME: "this process is to be traced by its parent". */
		if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0)
			execv(program[0], program);
		fprintf(stderr, "01-traceme: cannot run %s under ptrace: %s\n", program[0], strerror(errno));
		_exit(127);
	}

	/* A successful execve sends a traced process SIGTRAP, before its new program
	 * begins. The signal stops it, and wait returns the status of that stop. */
	int status;
	must("waitpid", waitpid(pid, &status, __WALL));
	if (!WIFSTOPPED(status))
		return 1; /* it has said why */
	printf("wait status 0x%08x: stopped by signal %d; SIGTRAP is %d\n",
	       (unsigned)status, WSTOPSIG(status), SIGTRAP);

	/* PTRACE_GETSIGINFO copies the siginfo of the signal that caused the stop. Its
	 * si_code is 0, SI_USER. */
	siginfo_t info;
	must("PTRACE_GETSIGINFO", ptrace(PTRACE_GETSIGINFO, pid, 0, &info));
	/* PTRACE_GETREGS copies the tracee's registers. rip is the first instruction. */
	struct user_regs_struct regs;
	must("PTRACE_GETREGS", ptrace(PTRACE_GETREGS, pid, 0, &regs));
	printf("si_code %d, rip 0x%llx\n", info.si_code, regs.rip);

	/* PTRACE_DETACH restarts the tracee and ends the tracing. It delivers no
	 * signal, so the SIGTRAP is gone. The program runs as if it had no tracer. */
	must("PTRACE_DETACH", ptrace(PTRACE_DETACH, pid, 0, 0));

	/* The second wait, which many examples forget. A child that has ended stays a
	 * zombie until its parent waits for it. This wait also tells how it ended. */
	must("waitpid", waitpid(pid, &status, __WALL));
	if (WIFEXITED(status))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)status, WEXITSTATUS(status));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	return 0;
}
