/*
 * threads: eight threads, or as many as the second argument says. With "exit" one
 * ends the process with 5, with "leader" the first thread ends before the others,
 * with "exec" another thread executes this program again, which exits with 6.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char **arguments;
static long threads = 8;

static void *work(void *number)
{
	struct timespec soon = {0, 5000000};

	nanosleep(&soon, NULL);
	if (strcmp(arguments[1], "leader") == 0)
		return NULL;
	if (number != (void *)(threads - 1))
		for (;;)
			pause();
	if (strcmp(arguments[1], "exec") == 0)
		execl("/proc/self/exe", "threads", NULL);
	exit(5);
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc == 1)
		return 6;
	arguments = argv;
	if (argc > 2)
		threads = atol(argv[2]);
	for (long i = 0; i < threads; i++)
		if (pthread_create(&thread, NULL, work, (void *)i) != 0)
			return 1;
	if (strcmp(argv[1], "leader") == 0)
		pthread_exit(NULL);
	for (;;)
		pause();
}
