/*
 * tickers: the ticker with four threads, each with a counter of its own.
 *
 * A tracer must attach to every thread by itself: the four entries of
 * /proc/PID/task. If it attaches to one, one slot of `counters` stands still
 * and the other three count on. The first thread, whose tid is the pid, counts in
 * slot 0; the threads that it starts count in slots 1, 2 and 3.
 *
 * build: musl
 */
#include <pthread.h>
#include <time.h>

#define THREADS 4

volatile unsigned long counters[THREADS];

static void *tick_forever(void *slot)
{
	const struct timespec nap = {0, 5000000};
	volatile unsigned long *counter = slot;

	for (;;) {
		__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
		nanosleep(&nap, NULL);
	}
	return NULL;
}

int main(void)
{
	pthread_t thread;

	for (int i = 1; i < THREADS; i++)
		if (pthread_create(&thread, NULL, tick_forever, (void *)&counters[i]) != 0)
			return 1;
	tick_forever((void *)&counters[0]);
	return 0;
}
