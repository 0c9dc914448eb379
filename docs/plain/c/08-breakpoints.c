/*
 * 08-breakpoints plants an int3 in a program, at the address in the environment variable
 * AT or at its first instruction, and tells each hit. ../08-breakpoints/main.go is the
 * same in Go.
 */
#define _GNU_SOURCE /* for __WALL */
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

#define INT3 0xcc

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
	int status, deliver = 0, hits = 0, request = PTRACE_CONT;
	setvbuf(stdout, NULL, _IOLBF, 0); /* our lines and the tracee's keep their order */
	pid_t pid = start(program, &status);
	struct user_regs_struct regs;
	must("PTRACE_GETREGS", ptrace(PTRACE_GETREGS, pid, 0, &regs));
	unsigned long at = regs.rip;
	if (getenv("AT") && *getenv("AT"))
		at = strtoul(getenv("AT"), NULL, 0);

	/* Plant: int3 over the first byte of an instruction, by the two requests that a byte
	 * takes. PTRACE_O_TRACEEXEC: no SIGTRAP after each execve. */
	must("PTRACE_SETOPTIONS", ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXEC));
	errno = 0;
	long word = ptrace(PTRACE_PEEKDATA, pid, at, 0);
	if (errno != 0)
		err(1, "PTRACE_PEEKDATA");
	must("PTRACE_POKEDATA", ptrace(PTRACE_POKEDATA, pid, at, (word & ~0xffL) | INT3));
	for (;;) {
		/* Restart it, with a signal. ESRCH: it was killed, and the wait says so. */
		if (ptrace(request, pid, 0, deliver) == -1 && errno != ESRCH)
			err(1, "the restart");
		status = wait_for(pid);
		if (!WIFSTOPPED(status))
			break;
		if (status >> 16 == PTRACE_EVENT_EXEC) {
			at = 0; /* other code: nothing is planted in it */
			deliver = 0;
			request = PTRACE_CONT;
			continue;
		}
		int stepped = request == PTRACE_SINGLESTEP;
		if (stepped) /* for the next time */
			must("PTRACE_POKEDATA", ptrace(PTRACE_POKEDATA, pid, at, (word & ~0xffL) | INT3));
		deliver = WSTOPSIG(status);
		request = PTRACE_CONT;
		siginfo_t info = {0};
		if (ptrace(PTRACE_GETSIGINFO, pid, 0, &info) == -1 && errno == EINVAL) {
			/* No siginfo: a group-stop. Take the int3 out, let it go, and reap it. */
			if (at != 0)
				must("PTRACE_POKEDATA", ptrace(PTRACE_POKEDATA, pid, at, word));
			must("PTRACE_DETACH", ptrace(PTRACE_DETACH, pid, 0, 0));
			status = wait_for(pid);
			break;
		}
		must("PTRACE_GETREGS", ptrace(PTRACE_GETREGS, pid, 0, &regs));
		if (deliver == SIGTRAP && stepped && (info.si_code == 1 || info.si_code == 2)) {
			deliver = 0; /* the step. If a signal came first, the int3 is hit once more. */
		} else if (deliver == SIGTRAP && info.si_code == 0x80 && at != 0 && regs.rip - 1 == at) {
			/* Ours: rip is behind the int3. Any other signal is for the program. */
			printf("hit %d: rip 0x%llx, rdi 0x%llx\n", ++hits, regs.rip, regs.rdi);
			/* The byte back, rip back, and one step over the instruction. */
			must("PTRACE_POKEDATA", ptrace(PTRACE_POKEDATA, pid, at, word));
			regs.rip--;
			must("PTRACE_SETREGS", ptrace(PTRACE_SETREGS, pid, 0, &regs));
			deliver = 0;
			request = PTRACE_SINGLESTEP;
		}
	}
	if (WIFEXITED(status))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)status, WEXITSTATUS(status));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	return 0;
}
