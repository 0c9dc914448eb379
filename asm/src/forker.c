/*
 * forker: a child of its own calls the same function as it does.
 *
 * It forks. The child calls `visit` and exits with 12. The program waits for the
 * child, and its own exit status is the number of the signal that has killed the
 * child, or the child's exit status. A breakpoint of the tracer at `visit` is in
 * both of them, and the child has no tracer.
 *
 * build: freestanding
 */
#include "syscall.h"

long total;

__attribute__((noipa)) void visit(long n)
{
	total += n;
}

int main(int argc, char **argv)
{
	int status = 0;

	(void)argc;
	(void)argv;
	if (call(SYS_fork, 0, 0, 0, 0) == 0) {
		visit(12);
		return total;
	}
	call(SYS_wait4, -1, (long)&status, 0, 0);
	return (status & 0x7f) != 0 ? status & 0x7f : status >> 8;
}
