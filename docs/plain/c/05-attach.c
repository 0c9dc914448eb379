/*
 * 05-attach looks at a process that runs already, and leaves it as it was found. It
 * takes a PID; without one it starts asm/bin/ticker and kills it at the end.
 * ../05-attach/main.go is the same in Go.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* must ends the program with one sentence if result is -1. */
static void must(const char *what, long result)
{
	if (result != -1)
		return;
	fprintf(stderr, "05-attach: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* read_state reads two lines of /proc/PID/status: "S (sleeping), TracerPid 0". */
static void read_state(pid_t pid, char text[100])
{
	char line[256], state[40] = "? (no such process)", tracer[20] = "?";
	snprintf(line, sizeof line, "/proc/%d/status", pid);
	FILE *file = fopen(line, "r");
	while (file && fgets(line, sizeof line, file)) {
		sscanf(line, "State: %39[^\n]", state);
		sscanf(line, "TracerPid: %19s", tracer);
	}
	if (file)
		fclose(file);
	snprintf(text, 100, "%s, TracerPid %s", state, tracer);
}

/* start_ticker starts an ordinary child, not a tracee. The kernel kills it if we die.
 * After vfork the parent waits until the child's execve is done, or has failed. */
static pid_t start_ticker(void)
{
	volatile int failed = 0;
	pid_t parent = getpid();
	pid_t pid = vfork();
	must("vfork", pid);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			execl("asm/bin/ticker", "ticker", (char *)NULL);
		failed = errno;
		_exit(127);
	}
	errno = failed;
	must("cannot run asm/bin/ticker", failed ? -1 : 0);
	return pid;
}

int main(int argc, char **argv)
{
	int started = argc < 2;
	pid_t pid;
	if (started) {
		pid = start_ticker();
	} else {
		char *end;
		long number = strtol(argv[1], &end, 10);
		if (*end != 0 || number <= 0 || number > INT_MAX) {
			fprintf(stderr, "05-attach: %s is not a process ID\n", argv[1]);
			return 1;
		}
		pid = number;
	}
	char before[100], after[100], what[60];
	read_state(pid, before);

	/* PTRACE_SEIZE makes the thread with this ID our tracee, and does not stop it. */
	snprintf(what, sizeof what, "cannot attach to process %d", pid);
	must(what, ptrace(PTRACE_SEIZE, pid, 0, 0));
	/* PTRACE_INTERRUPT stops it, also in a system call. The wait reports the stop. */
	must("PTRACE_INTERRUPT", ptrace(PTRACE_INTERRUPT, pid, 0, 0));
	int status;
	must("waitpid", waitpid(pid, &status, __WALL));
	if (!WIFSTOPPED(status)) {
		fprintf(stderr, "05-attach: process %d ended meanwhile\n", pid);
		return 1;
	}
	/* PTRACE_GETREGS copies its registers. Nothing is printed while it is held: if
	 * our reader were slow, a process that is not ours would wait for him. */
	struct user_regs_struct regs = {0};
	(void)ptrace(PTRACE_GETREGS, pid, 0, &regs);

	/* PTRACE_DETACH restarts it, untraced. PTRACE_EVENT_STOP is no signal. If a signal
	 * came first, it is delivered now. A stopped process stays stopped. */
	int deliver = WSTOPSIG(status);
	if (status >> 16 == PTRACE_EVENT_STOP)
		deliver = 0;
	if (ptrace(PTRACE_DETACH, pid, 0, deliver) == -1 && errno != ESRCH)
		must("PTRACE_DETACH", -1);

	/* It lives, and has no tracer. A process that was stopped runs a moment inside the
	 * kernel before it is stopped again: give it up to a second. */
	read_state(pid, after);
	for (int i = 0; i < 100 && before[0] == 'T' && after[0] != 'T'; i++) {
		usleep(10000);
		read_state(pid, after);
	}
	printf("process %d, state before: %s\n", pid, before);
	printf("wait status 0x%08x, rip 0x%llx, ORIG_RAX %lld\n",
	       (unsigned)status, regs.rip, (long long)regs.orig_rax);
	printf("process %d, state after: %s\n", pid, after);

	if (started) {
		must("kill", kill(pid, SIGKILL));
		must("waitpid", waitpid(pid, &status, 0));
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	}
	return 0;
}
