/*
 * 03-singlestep runs a program one instruction at a time. It prints each stop: where
 * the tracee is, which signal stopped it and why, and the bytes that come next.
 * ../03-singlestep/main.go is the same in Go.
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

	for (int stop = 1; WIFSTOPPED(status); stop++) {
		/* PTRACE_GETREGS: rip is the address of the next instruction. */
		struct user_regs_struct regs = {0};
		(void)ptrace(PTRACE_GETREGS, pid, 0, &regs);
		/* PTRACE_PEEKTEXT: one word of memory, 8 bytes. The next instruction is at its
		 * start. Only the processor knows how long it is. */
		errno = 0;
		long word = ptrace(PTRACE_PEEKTEXT, pid, regs.rip, 0);
		int readable = errno == 0;

		/* PTRACE_GETSIGINFO: why it stopped. si_code is 0 after execve, 2 (TRAP_TRACE)
		 * after a step, and 1 (TRAP_BRKPT) after a step over a system call. */
		siginfo_t info;
		int deliver = WSTOPSIG(status);
		if (ptrace(PTRACE_GETSIGINFO, pid, 0, &info) == 0) {
			printf("stop %d: rip 0x%llx, signal %d, si_code %d, bytes",
			       stop, regs.rip, deliver, info.si_code);
			for (int i = 0; i < 8 && readable; i++)
				printf(" %02x", (unsigned)(word >> 8 * i) & 0xff);
			printf(readable ? "\n" : " unreadable\n");
			/* The tracee stops before a signal is delivered, and the tracer decides.
			 * The SIGTRAPs of ptrace end here, execve's first. A SIGTRAP that was sent
			 * (code 0 or less) or is int3's (SI_KERNEL) goes on to the program, as do
			 * all other signals. */
			int own = info.si_code <= 0 || info.si_code == SI_KERNEL;
			if (deliver == SIGTRAP && (stop == 1 || !own))
				deliver = 0;
		} else if (errno == EINVAL) {
			/* No siginfo: a group-stop, which a delivered SIGSTOP makes. Any restart
			 * lets the tracee run on; but it should wait for SIGCONT, of which the
			 * kernel tells us only after PTRACE_SEIZE. So look for it, or for its end. */
			printf("stop %d: rip 0x%llx, group-stop until SIGCONT\n", stop, regs.rip);
			for (info.si_pid = 0; info.si_pid == 0; usleep(10000))
				must("waitid", waitid(P_PID, pid, &info,
				     WCONTINUED | WEXITED | WNOHANG | WNOWAIT));
			deliver = 0;
		}
		/* PTRACE_SINGLESTEP restarts it, with that signal, for one instruction. ESRCH:
		 * somebody has killed it. */
		if (ptrace(PTRACE_SINGLESTEP, pid, 0, deliver) == -1 && errno != ESRCH)
			err(1, "PTRACE_SINGLESTEP");
		/* The stop after the step; or the end, for no stop follows the exit call. */
		status = wait_for(pid);
	}
	if (WIFEXITED(status))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)status, WEXITSTATUS(status));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	return 0;
}
