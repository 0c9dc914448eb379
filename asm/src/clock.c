/*
 * clock: asks for the time a thousand times.
 *
 * clock_gettime is system call 228. But the kernel maps a small library of its own
 * into each process, the vDSO, whose clock_gettime reads the time from a page that
 * the kernel keeps up to date. The C library, musl, calls that, and a tracer of system
 * calls sees nothing of it.
 *
 * build: musl
 */
#include <time.h>

int main(void)
{
	struct timespec now;

	for (int i = 0; i < 1000; i++)
		if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
			return 1;
	return 0;
}
