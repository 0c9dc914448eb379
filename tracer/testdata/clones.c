/*
 * clones: stops itself; then makes a child by fork(3), and one for each argument, with
 * the flags of clone(2) that it has as a number. It waits for each before the next, and
 * exits with 5 if all have exited with 7.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ended waits for a child, and says whether it has exited with 7. */
static int ended(pid_t child)
{
	int status;

	if (child == 0)
		_exit(7);
	while (waitpid(child, &status, __WALL) != child)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 7;
}

int main(int argc, char **argv)
{
	signal(SIGUSR1, SIG_IGN); /* what some of the children send at their end */
	raise(SIGSTOP);
	if (!ended(fork()))
		return 1;
	for (int i = 1; i < argc; i++)
		if (!ended(syscall(SYS_clone, strtoul(argv[i], NULL, 0), NULL, NULL, NULL, NULL)))
			return 1;
	return 5;
}
