/*
 * 02-peekuser reads one word of a tracee's USER area: the number of the system call
 * that brought it to its stop. Then it asks for an offset that is not aligned.
 * ../02-peekuser/main.go is the same in Go.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/reg.h>
#include <sys/wait.h>
#include <unistd.h>

/* must ends the program with one sentence if result is -1. */
static void must(const char *what, long result)
{
	if (result != -1)
		return;
	fprintf(stderr, "02-peekuser: %s: %s\n", what, strerror(errno));
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
		fprintf(stderr, "02-peekuser: cannot run %s under ptrace: %s\n", program[0], strerror(errno));
		_exit(127);
	}
	int status;
	must("waitpid", waitpid(pid, &status, __WALL));
	if (!WIFSTOPPED(status))
		return 1; /* it has said why */

	/* The USER area begins with the saved registers, 8 bytes each. The number is
	 * execve's: 59 in the x86-64 table, 11 in the i386 table of a 32-bit program.
	 * The C library returns the word itself, so -1 may be a word or an error: set
	 * errno to 0 before, and look at it after. */
	errno = 0;
	long word = ptrace(PTRACE_PEEKUSER, pid, 8 * ORIG_RAX, 0);
	if (errno != 0)
		must("PTRACE_PEEKUSER", -1);
	printf("offset %d: system call %ld\n", 8 * ORIG_RAX, word);

	/* 4*15 was the offset on i386. Here it is not a multiple of 8, and the kernel
	 * answers EIO. The C library returns -1, which is not a system call. */
	errno = 0;
	(void)ptrace(PTRACE_PEEKUSER, pid, 4 * ORIG_RAX, 0);
	printf("offset %d: errno %d; EIO is %d\n", 4 * ORIG_RAX, errno, EIO);

	/* Let it go, and reap it: the wait that follows reports how it ended. */
	must("PTRACE_DETACH", ptrace(PTRACE_DETACH, pid, 0, 0));
	must("waitpid", waitpid(pid, &status, __WALL));
	if (WIFEXITED(status))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)status, WEXITSTATUS(status));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	return 0;
}
