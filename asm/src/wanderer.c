/*
 * wanderer: a position-independent program with one variable.
 *
 * Its file says where `counter` is from the begin of the program, and not where
 * that is: the kernel chooses a place at each start. A tracer adds the two. When
 * the variable is set the program calls getpid, so that a tracer knows where to
 * stop it, and exits.
 *
 * build: pie
 */
#include "syscall.h"

volatile long counter = 1;

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	counter = 42;
	call(SYS_getpid, 0, 0, 0, 0);
	return 0;
}
