/*
 * handoff: threads that hand a lock on as the interpreter of Python does: whoever
 * waits asks for it after 5 ms, whoever has it looks now and then whether somebody
 * asks, and then waits until another one has it.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { interval = 5000000, most = 16 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, switching = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t freed = PTHREAD_COND_INITIALIZER, switched = PTHREAD_COND_INITIALIZER;
static volatile int locked, asked, turns, holder;

static void take(int me)
{
	pthread_mutex_lock(&mutex);
	while (locked) {
		struct timespec until;
		int before = turns;
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += interval;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		if (pthread_cond_timedwait(&freed, &mutex, &until) && locked && turns == before)
			asked = 1;
	}
	pthread_mutex_lock(&switching);
	locked = 1;
	holder = me;
	turns++;
	pthread_cond_signal(&switched);
	pthread_mutex_unlock(&switching);
	asked = 0;
	pthread_mutex_unlock(&mutex);
}

static void drop(int me, int last)
{
	pthread_mutex_lock(&mutex);
	int was_asked = asked;
	locked = 0;
	pthread_cond_signal(&freed);
	pthread_mutex_unlock(&mutex);
	if (!was_asked || last)
		return;
	pthread_mutex_lock(&switching);
	while (holder == me)
		pthread_cond_wait(&switched, &switching);
	pthread_mutex_unlock(&switching);
}

static int work;

static void *run(void *number)
{
	int me = (int)(long)number;
	take(me);
	for (int n = 0; n < work; n++) {
		for (volatile int i = 0; i < 50; i++)
			;
		if (asked) {
			drop(me, 0);
			take(me);
		}
	}
	holder = 0;
	drop(me, 1);
	return 0;
}

int main(int argc, char **argv)
{
	pthread_t threads[most];
	int count = argc > 1 ? atoi(argv[1]) : 2;
	work = argc > 2 ? atoi(argv[2]) : 100;
	if (count > most)
		return 99;
	for (long n = 0; n < count; n++)
		pthread_create(&threads[n], 0, run, (void *)(n + 1));
	for (int n = 0; n < count; n++)
		pthread_join(threads[n], 0);
	return 6;
}
