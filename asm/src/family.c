/*
 * family: a process with children of its own, which end with 7.
 *
 * It makes one by fork, waits for it, and exits with its status. A tracer that has
 * asked for it is told of each child by an event, and traces it from its first
 * instruction on. The argument says otherwise: vfork, many (ten by fork, one after
 * the other), or pipe (the child writes a word that its parent reads).
 *
 * build: freestanding
 */
#include "syscall.h"

#define CHILDREN 10

int main(int argc, char **argv)
{
	char how = argc > 1 ? argv[1][0] : 'f';
	int status = 0, ends[2];
	char word[4];

	if (how == 'p')
		call(SYS_pipe, (long)ends, 0, 0, 0);
	for (int i = 0; i < (how == 'm' ? CHILDREN : 1); i++) {
		long child = call(how == 'v' ? SYS_vfork : SYS_fork, 0, 0, 0, 0);
		if (child < 0)
			return 8; /* refused */
		if (child == 0) {
			if (how == 'p')
				call(SYS_write, ends[1], (long)"word", sizeof word, 0);
			call(SYS_exit, 7, 0, 0, 0);
		}
		if (how == 'p')
			call(SYS_read, ends[0], (long)word, sizeof word, 0);
		call(SYS_wait4, child, (long)&status, 0, 0);
	}
	return status >> 8 & 0xff;
}
