/*
 * exits7: asks to be traced, and exits with status 7.
 *
 * A tracer sees one thing: the end, status 7. PTRACE_TRACEME stops nothing by
 * itself. A stop needs a cause, such as a signal or an execve, and here is none
 * after the request. The status is 8 if the request was refused, so 7 proves it.
 *
 * build: freestanding
 */
#include "syscall.h"

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (call(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0) != 0)
		return 8; /* refused */
	return 7;
}
