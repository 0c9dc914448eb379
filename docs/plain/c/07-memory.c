/*
 * 07-memory reads and writes the first code of a program: by words, by
 * process_vm_readv and process_vm_writev, and as the file /proc/PID/mem. It leaves the
 * code as it was. ../07-memory/main.go is the same in Go.
 */
#define _GNU_SOURCE /* for process_vm_readv */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
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

/* rights_at copies the rights of the page at an address, "r-xp", from /proc/PID/maps. */
static void rights_at(pid_t pid, unsigned long address, char rights[5])
{
	char line[512];
	unsigned long begin, end;
	snprintf(line, sizeof line, "/proc/%d/maps", pid);
	FILE *file = fopen(line, "r");
	snprintf(rights, 5, "?");
	while (file && fgets(line, sizeof line, file)) {
		char found[5];
		if (sscanf(line, "%lx-%lx %4s", &begin, &end, found) == 3 && begin <= address && address < end)
			snprintf(rights, 5, "%s", found);
	}
	if (file)
		fclose(file);
}

int main(int argc, char **argv)
{
	char *bundled[] = {"asm/bin/hello64", NULL};
	char **program = argc > 1 ? argv + 1 : bundled;
	int status;
	setvbuf(stdout, NULL, _IOLBF, 0); /* our lines and the tracee's keep their order */
	pid_t pid = start(program, &status);
	struct user_regs_struct regs;
	must("PTRACE_GETREGS", ptrace(PTRACE_GETREGS, pid, 0, &regs));
	char rights[5];
	rights_at(pid, regs.rip, rights);
	printf("the page of the first instruction: %s\n", rights);

	/* A byte takes two requests: read the word that begins with it, change its lowest
	 * byte, write it. PTRACE_POKEDATA writes to code too: the process gets a copy of
	 * the page. -1 may be a word, so errno decides. */
	errno = 0;
	long word = ptrace(PTRACE_PEEKDATA, pid, regs.rip, 0);
	if (errno != 0)
		err(1, "PTRACE_PEEKDATA");
	must("PTRACE_POKEDATA", ptrace(PTRACE_POKEDATA, pid, regs.rip, (word & ~0xffL) | 0xcc));

	/* process_vm_readv copies many bytes at once. */
	unsigned char bytes[8];
	struct iovec here = {bytes, sizeof bytes}, there = {(void *)regs.rip, sizeof bytes};
	ssize_t got = process_vm_readv(pid, &here, 1, &there, 1, 0);
	printf("process_vm_readv: %zd bytes, the first is 0x%02x\n", got, bytes[0]);

	/* Its twin keeps to the rights of the page, and may not write to code. */
	bytes[0] = word & 0xff;
	errno = 0;
	(void)process_vm_writev(pid, &here, 1, &there, 1, 0);
	printf("process_vm_writev: errno %d; EFAULT is %d\n", errno, EFAULT);

	/* The file /proc/PID/mem may. Here the kernel can be told to refuse that too. */
	char path[40];
	snprintf(path, sizeof path, "/proc/%d/mem", pid);
	int file = open(path, O_RDWR | O_CLOEXEC);
	if (file == -1 || pwrite(file, bytes, 1, (off_t)regs.rip) != 1)
		must("PTRACE_POKEDATA", ptrace(PTRACE_POKEDATA, pid, regs.rip, word));
	errno = 0;
	printf("it is as it was: %s\n", ptrace(PTRACE_PEEKDATA, pid, regs.rip, 0) == word && errno == 0 ? "yes" : "no");

	/* Let it go, and reap it: the wait that follows reports how it ended. */
	must("PTRACE_DETACH", ptrace(PTRACE_DETACH, pid, 0, 0));
	status = wait_for(pid);
	if (WIFEXITED(status))
		printf("wait status 0x%08x: exited with status %d\n", (unsigned)status, WEXITSTATUS(status));
	else
		printf("wait status 0x%08x: killed by signal %d\n", (unsigned)status, WTERMSIG(status));
	return 0;
}
