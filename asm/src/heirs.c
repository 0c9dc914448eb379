/*
 * heirs: adds to a number in a new thread, in a child, or after an execve.
 *
 * The argument says which: "thread", "fork" or "exec". Debug registers belong to a
 * thread, and a tracer can see here who inherits them. With "thread" the number is
 * changed by the new thread, and then by the first one.
 *
 * build: musl
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

volatile long balance;

static void *deposit(void *unused)
{
	balance += 20;
	return unused;
}

int main(int argc, char **argv)
{
	char *once[] = {"heirs", "once", NULL};
	char how = argc > 1 ? argv[1][0] : 'o'; /* once */
	pthread_t thread;
	pid_t child;

	switch (how) {
	case 't':
		if (pthread_create(&thread, NULL, deposit, NULL) != 0)
			return 1;
		pthread_join(thread, NULL);
		break;
	case 'f':
		child = fork();
		if (child > 0)
			return waitpid(child, NULL, 0) != child;
		break;
	case 'e':
		return execv("/proc/self/exe", once) != 0;
	}
	deposit(NULL);
	return 0;
}
