/*
 * again: executes itself once more, and ends there.
 *
 * Its system calls are execve, getpid and exit. A tracer that counts "entry, exit,
 * entry, exit" is misled by it: without PTRACE_O_TRACEEXEC the kernel sends a
 * SIGTRAP after the execve, which is a stop more, and without
 * PTRACE_O_TRACESYSGOOD that stop looks like the others.
 *
 * build: freestanding
 */
#include "syscall.h"

static char *again[] = {"again", "once", NULL};

int main(int argc, char **argv)
{
	(void)argv;
	if (argc == 1)
		call(SYS_execve, (long)"/proc/self/exe", (long)again, 0, 0);
	call(SYS_getpid, 0, 0, 0, 0);
	return 0;
}
