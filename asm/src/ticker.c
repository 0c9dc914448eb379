/*
 * ticker: counts in memory, sleeps 5 milliseconds, for ever.
 *
 * It is here to be attached to. A tracer that stops it finds it in `nap`, asleep
 * in the system call nanosleep (35), nearly always. Two readings of `counter`
 * differ as long as it runs and agree while it is stopped. A word
 * written to `counter` is counted on from.
 *
 * The increment is one locked instruction. A tracer can stop the program before
 * it or after it, never between its load and its store, so that no written word is lost.
 *
 * build: freestanding
 */
#include "syscall.h"

volatile unsigned long counter;

static const struct {
	long seconds, nanoseconds;
} pause_time = {0, 5000000};

__attribute__((noinline)) static void nap(void)
{
	call(SYS_nanosleep, (long)&pause_time, 0, 0, 0);
}

__attribute__((noinline, noreturn)) static void tick_forever(void)
{
	for (;;) {
		__atomic_add_fetch(&counter, 1, __ATOMIC_RELAXED);
		nap();
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	tick_forever();
}
