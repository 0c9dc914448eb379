/*
 * 06-syscalls prints the system calls of a program: number, three arguments, result.
 * ../06-syscalls/main.go is the same in Go.
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

int main(int argc, char **argv)
{
	char *bundled[] = {"asm/bin/hello64", NULL};
	char **program = argc > 1 ? argv + 1 : bundled;
	int status;
	setvbuf(stdout, NULL, _IOLBF, 0); /* our lines and the tracee's keep their order */
	pid_t pid = start(program, &status);

	/* PTRACE_O_TRACESYSGOOD marks the stops of calls by bit 7 of their signal. Without
	 * PTRACE_O_TRACEEXEC the kernel would send a SIGTRAP after each execve. */
	must("PTRACE_SETOPTIONS", ptrace(PTRACE_SETOPTIONS, pid, 0,
	     PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC));
	int deliver = 0;
	for (;;) {
		/* Restart it, with a signal, to the next entry or exit. ESRCH: it was killed. */
		if (ptrace(PTRACE_SYSCALL, pid, 0, deliver) == -1 && errno != ESRCH)
			err(1, "PTRACE_SYSCALL");
		status = wait_for(pid);
		if (!WIFSTOPPED(status))
			break;
		deliver = 0;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			/* PTRACE_GET_SYSCALL_INFO says which of the two it is. Counting does
			 * not: exit has no exit, and an interrupted call begins twice. */
			struct __ptrace_syscall_info info;
			if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) == -1) {
				if (errno != ESRCH)
					err(1, "PTRACE_GET_SYSCALL_INFO");
			} else if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
				printf("%lld(0x%llx, 0x%llx, 0x%llx)\n", (long long)info.entry.nr,
				       (long long)info.entry.args[0], (long long)info.entry.args[1],
				       (long long)info.entry.args[2]);
			} else {
				printf("  = %lld\n", (long long)info.exit.rval);
			}
			continue;
		}
		if (status >> 16 == PTRACE_EVENT_EXEC)
			continue; /* the stop inside an execve: no signal waits */
		/* Every other stop is a signal's, which is for the program. */
		siginfo_t info = {0};
		deliver = WSTOPSIG(status);
		if (ptrace(PTRACE_GETSIGINFO, pid, 0, &info) == -1 && errno == EINVAL) {
			/* No siginfo: a group-stop. 04-count.c explains what is done here. */
			printf("group-stop until SIGCONT\n");
			for (info.si_pid = 0; info.si_pid == 0; usleep(10000))
				must("waitid", waitid(P_PID, pid, &info,
				     WCONTINUED | WEXITED | WNOHANG | WNOWAIT));
			deliver = 0;
		} else {
			printf("signal %d\n", deliver);
		}
	}
	if (WIFEXITED(status))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)status, WEXITSTATUS(status));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	return 0;
}
