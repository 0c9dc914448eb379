/*
 * 09-watchpoints [ADDRESS] PROGRAM prints each write to 8 bytes of its memory: at the
 * address, as 0x402008, or where the first call stores the way back, below the stack
 * pointer. ../09-watchpoints/main.go is the same in Go.
 */
#define _GNU_SOURCE /* for TRAP_HWBKPT */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/reg.h>
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
	unsigned long at = 0;
	int status;
	if (argc > 2 && strncmp(argv[1], "0x", 2) == 0) {
		at = strtoul(argv[1], NULL, 16);
		program++;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* our lines and the tracee's keep their order */
	pid_t pid = start(program, &status);
	if (at == 0)
		at = (unsigned long)ptrace(PTRACE_PEEKUSER, pid, 8 * RSP, 0) - 8;

	/* DR0 is the address, a multiple of 8. In DR7 bit 0 switches it on, bits 17 and
	 * 16 are 01: write, and bits 19 and 18 are 10: 8 bytes. */
	size_t dr0 = offsetof(struct user, u_debugreg[0]), dr7 = offsetof(struct user, u_debugreg[7]);
	must("PTRACE_POKEUSER of DR0", ptrace(PTRACE_POKEUSER, pid, dr0, at));
	must("PTRACE_POKEUSER of DR7", ptrace(PTRACE_POKEUSER, pid, dr7, 1 | 1 << 16 | 2 << 18));

	/* Without PTRACE_O_TRACEEXEC the kernel would send a SIGTRAP after each execve. */
	must("PTRACE_SETOPTIONS", ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXEC));
	int deliver = 0;
	for (;;) {
		/* Restart it, with a signal. ESRCH: it was killed. */
		if (ptrace(PTRACE_CONT, pid, 0, deliver) == -1 && errno != ESRCH)
			err(1, "PTRACE_CONT");
		status = wait_for(pid);
		if (!WIFSTOPPED(status))
			break;
		deliver = 0;
		if (status >> 16 == PTRACE_EVENT_EXEC)
			continue; /* execve has cleared the debug registers */
		siginfo_t info = {0};
		int known = ptrace(PTRACE_GETSIGINFO, pid, 0, &info) == 0;
		if (known && info.si_signo == SIGTRAP && info.si_code == TRAP_HWBKPT) {
			/* The trap of a debug register is ours, and not delivered. The
			 * instruction has written: the word is new, rip is behind it. */
			printf("written: rip 0x%lx, the word is 0x%lx\n",
			       (unsigned long)ptrace(PTRACE_PEEKUSER, pid, 8 * RIP, 0),
			       (unsigned long)ptrace(PTRACE_PEEKDATA, pid, at, 0));
		} else if (known || errno != EINVAL) {
			/* Every other signal is for the program. */
			deliver = WSTOPSIG(status);
			printf("signal %d\n", deliver);
		} else {
			/* No siginfo: a group-stop. 04-count.c explains what is done here. */
			printf("group-stop until SIGCONT\n");
			for (info.si_pid = 0; info.si_pid == 0; usleep(10000))
				must("waitid", waitid(P_PID, pid, &info,
				     WCONTINUED | WEXITED | WNOHANG | WNOWAIT));
		}
	}
	if (WIFEXITED(status))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)status, WEXITSTATUS(status));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	return 0;
}
