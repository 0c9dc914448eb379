/*
 * 11-children follows a program with all its children and threads, which it numbers, and
 * tells how each begins and ends. ../11-children/main.go is the same in Go.
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

/* number is the number of a tracee, from 1: a new one if nobody knows it. */
static pid_t met[10000];
static char begun[10000];
static int number(pid_t pid)
{
	int n = 1;
	while (n < 9999 && met[n] != pid && met[n] != 0)
		n++;
	met[n] = pid;
	return n;
}

int main(int argc, char **argv)
{
	char *bundled[] = {"asm/bin/hello64", NULL};
	char **program = argc > 1 ? argv + 1 : bundled;
	int status, last = 0;
	setvbuf(stdout, NULL, _IOLBF, 0); /* our lines and the tracee's keep their order */
	pid_t pid = start(program, &status);
	begun[number(pid)] = 1;

	/* The kernel attaches to whom fork, vfork and clone make, with the same options.
	 * PTRACE_O_EXITKILL kills all of them when we end, whatever ends us. */
	must("PTRACE_SETOPTIONS", ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_EXITKILL |
	     PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC));
	must("PTRACE_CONT", ptrace(PTRACE_CONT, pid, 0, 0));

	/* Wait for any. ECHILD: nobody is left, and that alone is the end. */
	while ((pid = waitpid(-1, &status, __WALL)) != -1 || errno != ECHILD) {
		if (pid == -1) {
			must("waitpid", errno == EINTR ? 0 : -1);
			continue;
		}
		int n = number(pid), event = status >> 16, deliver = 0;
		unsigned long message = 0;
		siginfo_t info = {0};
		if (!WIFSTOPPED(status)) {
			printf("%d ends\n", n);
			met[n] = -1; /* its number may be given away */
			last = n == 1 ? status : last;
			continue;
		}
		if (event != 0)
			ptrace(PTRACE_GETEVENTMSG, pid, 0, &message);
		if (event == PTRACE_EVENT_EXEC) {
			/* A thread has come back under the number of its process. */
			if ((pid_t)message != pid)
				met[number(message)] = -1;
			printf("%d executes a program\n", n);
		} else if (event != 0) {
			/* 1 fork, 2 vfork, 3 clone. The new one may have stopped already. */
			printf("%d makes %d, event %d\n", n, number(message), event);
		} else if (!begun[n]) {
			begun[n] = 1; /* its SIGSTOP is ours, and is dropped */
		} else if (ptrace(PTRACE_GETSIGINFO, pid, 0, &info) == -1 && errno == EINVAL) {
			/* No siginfo: a group-stop. 04-count.c explains what is done here. */
			printf("group-stop until SIGCONT\n");
			for (info.si_pid = 0; info.si_pid == 0; usleep(10000))
				must("waitid", waitid(P_PID, pid, &info,
				     WCONTINUED | WEXITED | WNOHANG | WNOWAIT));
		} else {
			deliver = WSTOPSIG(status);
		}
		/* Restart this one alone. ESRCH: it was killed, and a wait tells. */
		if (ptrace(PTRACE_CONT, pid, 0, deliver) == -1 && errno != ESRCH)
			err(1, "PTRACE_CONT");
	}
	if (WIFEXITED(last))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)last, WEXITSTATUS(last));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)last, WTERMSIG(last));
	return 0;
}
