/*
 * 02-peekuser reads one word of a tracee's USER area: the number of the system call
 * that brought it to its stop. Then it asks for an offset that is not aligned.
 * ../02-peekuser/main.go is the same in Go.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/reg.h>
#include <sys/wait.h>
#include <unistd.h>

/* must ends the program with one sentence if a call has failed. */
static void must(const char *what, long result)
{
	if (result == -1)
		err(1, "%s", what);
}

/* wait_for waits until pid has stopped or ended. EINTR: a signal handler of ours ran
 * meanwhile, if there is one. Then nothing is known yet, and it waits again. */
static int wait_for(pid_t pid)
{
	int status;
	while (waitpid(pid, &status, __WALL) == -1)
		if (errno != EINTR)
			err(1, "waitpid");
	return status;
}

/* start starts a program as our tracee, and waits for the stop that execve makes. The
 * same as in 01-traceme.c, which explains it. */
static pid_t start(char **program, int *status)
{
	sigset_t trap;
	sigemptyset(&trap);
	sigaddset(&trap, SIGTRAP);
	sigprocmask(SIG_UNBLOCK, &trap, NULL);
	signal(SIGCHLD, SIG_DFL);

	pid_t tracer = getpid(), pid = fork();
	must("fork", pid);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != tracer)
			_exit(127);
		if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0)
			execv(program[0], program);
		warn("cannot run %s under ptrace", program[0]);
		_exit(127);
	}

	*status = wait_for(pid);
	while (WIFSTOPPED(*status) && WSTOPSIG(*status) != SIGTRAP) {
		must("PTRACE_CONT", ptrace(PTRACE_CONT, pid, 0, WSTOPSIG(*status)));
		*status = wait_for(pid);
	}
	if (WIFEXITED(*status))
		exit(127); /* the child has said why */
	if (WIFSIGNALED(*status))
		errx(1, "%s was killed by signal %d before it began", program[0], WTERMSIG(*status));
	return pid;
}

int main(int argc, char **argv)
{
	char *bundled[] = {"asm/bin/hello64", NULL};
	char **program = argc > 1 ? argv + 1 : bundled;
	int status;
	setvbuf(stdout, NULL, _IOLBF, 0); /* our lines and the tracee's keep their order */
	pid_t pid = start(program, &status);

	/* The USER area begins with the saved registers, 8 bytes each. The number is
	 * execve's: 59 in the x86-64 table, 11 in the i386 table of a 32-bit program.
	 * The C library returns the word itself, so -1 may be a word or an error: set
	 * errno to 0 before, and look at it after. */
	errno = 0;
	long word = ptrace(PTRACE_PEEKUSER, pid, 8 * ORIG_RAX, 0);
	if (errno != 0)
		err(1, "PTRACE_PEEKUSER");
	printf("offset %d: system call %ld\n", 8 * ORIG_RAX, word);

	/* A word of i386 has 4 bytes, and ORIG_EAX is 11: old programs ask for 4*11. With
	 * the new name and the old 4 it is 60, which is no multiple of 8, and the kernel
	 * answers EIO. The C library returns -1, which is not a system call. */
	errno = 0;
	(void)ptrace(PTRACE_PEEKUSER, pid, 4 * ORIG_RAX, 0);
	printf("offset %d: errno %d; EIO is %d\n", 4 * ORIG_RAX, errno, EIO);

	/* Let it go, and reap it: the wait that follows reports how it ended. */
	must("PTRACE_DETACH", ptrace(PTRACE_DETACH, pid, 0, 0));
	status = wait_for(pid);
	if (WIFEXITED(status))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)status, WEXITSTATUS(status));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	return 0;
}
