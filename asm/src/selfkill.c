/*
 * selfkill: asks the kernel to kill it, and exits if it still can.
 *
 * Nobody survives SIGKILL. But a tracer stops the program before the call is made,
 * and can see to it that it is not. The exit status is the errno that the program
 * was given for its call, 0 if it was told that the call succeeded.
 *
 * build: freestanding
 */
#include "syscall.h"

int main(int argc, char **argv)
{
	long self = call(SYS_getpid, 0, 0, 0, 0);

	(void)argc;
	(void)argv;
	return (int)-call(SYS_kill, self, SIGKILL, 0, 0);
}
