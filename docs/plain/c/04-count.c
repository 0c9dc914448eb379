/*
 * 04-count steps a program from its first instruction to its end and counts twice: the
 * stops, and the instructions that were executed. ../04-count/main.go is the same in Go.
 */
#define _GNU_SOURCE /* for TRAP_BRKPT and TRAP_TRACE in <signal.h> */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* si_code of a SIGTRAP, beside TRAP_BRKPT (a system call was stepped), TRAP_TRACE (another
 * instruction was stepped) and SI_KERNEL (int3: the program's own SIGTRAP). */
#define HANDLER_ENTRY 5                           /* a signal handler begins */
#define EXEC_EVENT (5 | PTRACE_EVENT_EXEC << 8) /* an execve */

/* must ends the program with one sentence if result is -1. */
static void must(const char *what, long result)
{
	if (result != -1)
		return;
	fprintf(stderr, "04-count: %s: %s\n", what, strerror(errno));
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
		fprintf(stderr, "04-count: cannot run %s under ptrace: %s\n", program[0], strerror(errno));
		_exit(127);
	}
	int status;
	must("waitpid", waitpid(pid, &status, __WALL));
	if (!WIFSTOPPED(status))
		return 1; /* it has said why */

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
			must("PTRACE_SINGLESTEP", -1);
		must("waitpid", waitpid(pid, &status, __WALL));
		if (!WIFSTOPPED(status))
			break;
		stops++;

		/* Which stop is it? Every signal that ptrace did not make is for the program:
		 * a SIGSEGV that is not delivered would come back at every step, for ever. */
		deliver = WSTOPSIG(status);
		siginfo_t info;
		if (ptrace(PTRACE_GETSIGINFO, pid, 0, &info) == -1) {
			deliver = 0; /* EINVAL: a group-stop, which has no signal */
		} else if (deliver != SIGTRAP) {
			continue;
		} else if (info.si_code == TRAP_BRKPT || info.si_code == TRAP_TRACE) {
			instructions++;
			deliver = 0;
		} else if (info.si_code == HANDLER_ENTRY || info.si_code == EXEC_EVENT) {
			deliver = 0; /* nothing was executed */
		} else if (info.si_code == SI_KERNEL) {
			instructions++;
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
