/*
 * 10-signals prints each signal that a program gets: who has sent it, what is
 * blocked, and how many wait. It passes all of them on. ../10-signals/main.go is the same
 * in Go.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
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

/* waiting is how many signals wait for the thread, or for its process: 64 at most. */
static int waiting(pid_t pid, unsigned flags)
{
	siginfo_t infos[64];
	struct __ptrace_peeksiginfo_args args = {.off = 0, .flags = flags, .nr = 64};
	long got = ptrace(PTRACE_PEEKSIGINFO, pid, &args, infos);
	return got == -1 ? 0 : got;
}

int main(int argc, char **argv)
{
	char *bundled[] = {"asm/bin/told", NULL};
	char **program = argc > 1 ? argv + 1 : bundled;
	int status;
	setvbuf(stdout, NULL, _IOLBF, 0); /* our lines and the tracee's keep their order */
	pid_t pid = start(program, &status);

	/* Without PTRACE_O_TRACEEXEC the kernel would send a SIGTRAP after each execve. */
	must("PTRACE_SETOPTIONS", ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXEC));
	int deliver = 0;
	for (;;) {
		/* Restart it, with a signal, to the next one. ESRCH: it was killed. */
		if (ptrace(PTRACE_CONT, pid, 0, deliver) == -1 && errno != ESRCH)
			err(1, "PTRACE_CONT");
		status = wait_for(pid);
		if (!WIFSTOPPED(status))
			break;
		deliver = 0;
		if (status >> 16 == PTRACE_EVENT_EXEC)
			continue; /* the stop inside an execve: no signal waits */
		siginfo_t info = {0};
		if (ptrace(PTRACE_GETSIGINFO, pid, 0, &info) == -1 && errno == EINVAL) {
			/* No siginfo: a group-stop. 04-count.c explains what is done here. */
			printf("group-stop until SIGCONT\n");
			for (info.si_pid = 0; info.si_pid == 0; usleep(10000))
				must("waitid", waitid(P_PID, pid, &info,
				     WCONTINUED | WEXITED | WNOHANG | WNOWAIT));
			continue;
		}
		/* A signal. si_pid is the sender where si_code is not above 0. The set of
		 * blocked signals has bit n-1 for signal n. */
		unsigned long blocked = 0;
		const char *from = info.si_code > 0 ? "the kernel" : info.si_pid == pid ? "itself" : "another";
		deliver = WSTOPSIG(status);
		ptrace(PTRACE_GETSIGMASK, pid, sizeof blocked, &blocked);
		printf("signal %d, si_code %d, from %s; blocked 0x%lx, waiting %d\n", deliver, info.si_code,
		       from, blocked, waiting(pid, 0) + waiting(pid, PTRACE_PEEKSIGINFO_SHARED));
	}
	if (WIFEXITED(status))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)status, WEXITSTATUS(status));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	return 0;
}
