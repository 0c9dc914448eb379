/*
 * 05-attach looks at a process that runs already, and leaves it as it was found. It
 * takes a PID; without one it starts asm/bin/ticker and kills it at the end.
 * ../05-attach/main.go is the same in Go.
 */
#define _GNU_SOURCE /* for pipe2 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

/* start_ticker starts an ordinary child, not a tracee. The kernel kills it if we die. */
static pid_t start_ticker(void)
{
	int ends[2];
	must("pipe2", pipe2(ends, O_CLOEXEC));
	/* If a parent has left us SIGCHLD ignored, the kernel would reap it unseen. */
	signal(SIGCHLD, SIG_DFL);
	pid_t parent = getpid(), pid = fork();
	must("fork", pid);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			execl("asm/bin/ticker", "ticker", (char *)NULL);
		warn("cannot run asm/bin/ticker");
		dprintf(ends[1], "!");
		_exit(127);
	}
	/* Its execve closes the pipe: then there is nothing to read. */
	char failed;
	ssize_t got;
	close(ends[1]);
	while ((got = read(ends[0], &failed, 1)) == -1 && errno == EINTR)
		;
	must("read", got);
	if (got == 1)
		exit(127); /* the child has said why */
	close(ends[0]);
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
		if (*end != 0 || number <= 0 || number > INT_MAX)
			errx(1, "%s is not a process ID", argv[1]);
		pid = number;
	}
	char before[100], after[100];
	read_state(pid, before);

	/* PTRACE_SEIZE makes the thread with this ID our tracee, and does not stop it. */
	if (ptrace(PTRACE_SEIZE, pid, 0, 0) == -1)
		err(1, "cannot attach to process %d", pid);
	/* PTRACE_INTERRUPT stops it, also in a system call. The wait reports the stop. */
	must("PTRACE_INTERRUPT", ptrace(PTRACE_INTERRUPT, pid, 0, 0));
	int status = wait_for(pid);
	if (!WIFSTOPPED(status))
		errx(1, "process %d ended meanwhile", pid);
	/* PTRACE_GETREGS copies its registers. Nothing is printed while it is held: if
	 * our reader were slow, a process that is not ours would wait for him. */
	struct user_regs_struct regs;
	must("PTRACE_GETREGS", ptrace(PTRACE_GETREGS, pid, 0, &regs));

	/* PTRACE_DETACH restarts it, untraced. PTRACE_EVENT_STOP is no signal. If a signal
	 * came first, it is delivered now. A stopped process stays stopped. */
	int deliver = status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
	must("PTRACE_DETACH", ptrace(PTRACE_DETACH, pid, 0, deliver));

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
		status = wait_for(pid);
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	}
	return 0;
}
