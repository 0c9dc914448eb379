/*
 * 04-count steps a program from its first instruction to its end and counts twice: the
 * stops, and the instructions that were executed. ../04-count/main.go is the same in Go.
 */
#define _GNU_SOURCE /* for TRAP_BRKPT and TRAP_TRACE in <signal.h> */
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

int main(int argc, char **argv)
{
	char *bundled[] = {"asm/bin/hello64", NULL};
	char **program = argc > 1 ? argv + 1 : bundled;
	int status;
	setvbuf(stdout, NULL, _IOLBF, 0); /* our lines and the tracee's keep their order */
	pid_t pid = start(program, &status);

	/* With PTRACE_O_TRACEEXEC a later execve makes an event stop. Without it the
	 * kernel would send a SIGTRAP that looks like the program's own. */
	must("PTRACE_SETOPTIONS", ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXEC));

	/* The stop of execve is a stop, but no instruction has been executed yet. Its
	 * SIGTRAP is not delivered: it would kill the program. */
	long stops = 1, instructions = 0;
	int deliver = 0;
	for (;;) {
		/* Restart it, with that signal, for one instruction. ESRCH: it was killed. */
		if (ptrace(PTRACE_SINGLESTEP, pid, 0, deliver) == -1 && errno != ESRCH)
			err(1, "PTRACE_SINGLESTEP");
		status = wait_for(pid);
		if (!WIFSTOPPED(status))
			break;
		stops++;

		/* Which stop is it? Every signal that ptrace did not make is for the program:
		 * a SIGSEGV that is not delivered would come back at every step, for ever. */
		deliver = WSTOPSIG(status);
		siginfo_t info = {0};
		if (ptrace(PTRACE_GETSIGINFO, pid, 0, &info) == -1 && errno == EINVAL) {
			/* No siginfo: a group-stop, which a delivered SIGSTOP makes. Any restart
			 * lets the tracee run on; but it should wait for SIGCONT, of which the
			 * kernel tells us only after PTRACE_SEIZE. So look for it, or for its end. */
			printf("group-stop until SIGCONT\n");
			for (info.si_pid = 0; info.si_pid == 0; usleep(10000))
				must("waitid", waitid(P_PID, pid, &info,
				     WCONTINUED | WEXITED | WNOHANG | WNOWAIT));
			deliver = 0;
		} else if (deliver == SIGTRAP) {
			/* A step has TRAP_TRACE, or TRAP_BRKPT if it was over a system call. For
			 * int3 and raise the program's own SIGTRAP stands in the step's place. The
			 * rest, the begin of a signal handler and execve, executes nothing. */
			int why = info.si_code;
			if (why == TRAP_TRACE || why == TRAP_BRKPT || why == SI_KERNEL || why == SI_TKILL)
				instructions++;
			/* Its own: sent by a process (0 or less), or int3's. */
			int own = why <= 0 || why == SI_KERNEL;
			if (!own)
				deliver = 0;
		}
	}
	/* The system call exit was executed too, and no stop follows it. */
	if (WIFEXITED(status))
		instructions++;
	printf("stops %ld\n", stops);
	printf("instructions %ld\n", instructions);
	if (WIFEXITED(status))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)status, WEXITSTATUS(status));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	return 0;
}
