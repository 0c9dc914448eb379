/*
 * breeder: a process that makes threads when it is told to.
 *
 * The first thread sleeps. The second looks at `wanted` each millisecond; when
 * that is not 0, it makes a thread that sleeps too, and sets it back. So a tracer
 * that has read the list of threads can have it change before the next request.
 *
 * build: freestanding
 */
#include "syscall.h"

volatile long wanted;
static char stacks[4][4096] __attribute__((aligned(16)));
static int made;

static void sleep_forever(void)
{
	for (;;)
		call(SYS_pause, 0, 0, 0, 0);
}

static void breed(void)
{
	const long millisecond[] = {0, 1000000};

	for (;;) {
		if (wanted != 0 && made < 3) {
			made++;
			if (thread(sleep_forever, stacks[made + 1], NULL) > 0)
				wanted = 0;
		}
		call(SYS_nanosleep, (long)millisecond, 0, 0, 0);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (thread(breed, stacks[1], NULL) < 0)
		return 8; /* refused */
	sleep_forever();
	return 0;
}
