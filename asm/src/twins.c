/*
 * twins: two threads that call the same function, six times each.
 *
 * A tracer that takes its breakpoint out of `visit`, to let one thread step over
 * it, takes it out for the other thread as well. Each thread adds to `visits`, so
 * the exit status is 12, however many of the visits the tracer has seen.
 *
 * build: musl
 */
#include <pthread.h>

#define TIMES 6

volatile int visits;

__attribute__((noipa)) void visit(void)
{
	__atomic_add_fetch(&visits, 1, __ATOMIC_RELAXED);
}

static void *run(void *unused)
{
	for (int i = 0; i < TIMES; i++)
		visit();
	return unused;
}

int main(void)
{
	pthread_t other;

	if (pthread_create(&other, NULL, run, NULL) != 0)
		return 1;
	run(NULL);
	pthread_join(other, NULL);
	return visits;
}
