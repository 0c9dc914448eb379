/*
 * children: starts children in the way that its first argument names, waits for
 * those that it has to wait for, and exits with 5 if all went as it should.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MANY 60

static char stack[65536];

static int seven(void *nothing)
{
	(void)nothing;
	_exit(7);
}

/* ended says whether a child, or one of them for -1, has exited with 7. */
static int ended(pid_t pid)
{
	int status;

	return waitpid(pid, &status, __WALL) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 7;
}

static int forks(void)
{
	for (int i = 0; i < MANY; i++)
		if (fork() == 0)
			_exit(7);
	for (int i = 0; i < MANY; i++)
		if (!ended(-1))
			return 1;
	return 5;
}

static int vforks(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(7);
	return pid > 0 && ended(pid) ? 5 : 1;
}

static int spawns(void)
{
	pid_t pid;
	char *const none[] = {"children", NULL};

	return posix_spawn(&pid, "/proc/self/exe", NULL, NULL, none, none + 1) == 0 && ended(pid) ? 5 : 1;
}

/* clones makes a child that the tracer is not to get, and one that has our
 * memory and is no thread of ours. */
static int clones(void)
{
	pid_t pid = clone(seven, stack + sizeof stack, CLONE_UNTRACED | SIGCHLD, NULL);

	if (!ended(pid))
		return 1;
	pid = clone(seven, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
	return ended(pid) ? 5 : 1;
}

/* daemons leaves a grandchild in a session of its own, which outlives the program:
 * it ends when the program's end has been waited for. */
static int daemons(void)
{
	struct timespec moment = {0, 1000000};
	pid_t first = getpid(), pid = fork();

	if (pid == 0) {
		setsid();
		if (fork() == 0)
			while (kill(first, 0) == 0)
				nanosleep(&moment, NULL);
		_exit(7);
	}
	return ended(pid) ? 5 : 1;
}

int main(int argc, char **argv)
{
	if (argc == 1)
		return 7;
	if (strcmp(argv[1], "forks") == 0)
		return forks();
	if (strcmp(argv[1], "vforks") == 0)
		return vforks();
	if (strcmp(argv[1], "spawns") == 0)
		return spawns();
	if (strcmp(argv[1], "clones") == 0)
		return clones();
	if (strcmp(argv[1], "daemons") == 0)
		return daemons();
	return 2;
}
