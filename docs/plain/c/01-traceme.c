/*
 * 01-traceme starts a program as its tracee, looks at the stop that execve makes,
 * lets the program go and reaps it. ../01-traceme/main.go is the same in Go.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
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

/* start starts a program as our tracee, and waits for the stop that execve makes. */
static pid_t start(char **program, int *status)
{
	/* A parent may have left us SIGTRAP blocked, and execve would make no stop; or
	 * SIGCHLD ignored, and the kernel would reap our child and tell us nothing. The
	 * program inherits both, as they are after this. */
	sigset_t trap;
	sigemptyset(&trap);
	sigaddset(&trap, SIGTRAP);
	sigprocmask(SIG_UNBLOCK, &trap, NULL);
	signal(SIGCHLD, SIG_DFL);

	pid_t tracer = getpid(), pid = fork();
	must("fork", pid);
	if (pid == 0) {
		/* The child: the kernel shall kill it if we die, even if we just did. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != tracer)
			_exit(127);
		/* PTRACE_TRACEME: "this process is to be traced by its parent". */
		if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0)
			execv(program[0], program);
		warn("cannot run %s under ptrace", program[0]);
		_exit(127);
	}

	/* A successful execve sends a traced process SIGTRAP, before its new program
	 * begins. The signal stops it, and wait returns the status of that stop. If some
	 * other signal comes first, it stops it too: it is delivered. */
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
	status = wait_for(pid);
	if (WIFEXITED(status))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)status, WEXITSTATUS(status));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	return 0;
}
