/*
 * crew: a process of two threads.
 *
 * A tracer sees each by itself: two tids, two ends. Each gives the kernel an area
 * for restartable sequences, by rseq(2), in `areas`. The second then calls getpid
 * and ends with 3; the first waits for that, and ends the process with 0. The
 * argument says otherwise: leader (the first ends with 2 and waits for nobody), or
 * execve (the second executes the program anew, which ends with 0).
 *
 * build: freestanding
 */
#include "syscall.h"

#define FUTEX_WAIT 0
#define AREA       32
#define SIGNATURE  0x53053053 /* what glibc gives on x86 */

char areas[2][AREA] __attribute__((aligned(AREA)));
static char stack[4096] __attribute__((aligned(16)));
static int runs = 1;
static char how;

static void second(void)
{
	char *again[] = {"crew", "over", NULL};

	call(SYS_rseq, (long)areas[1], AREA, 0, SIGNATURE);
	call(SYS_getpid, 0, 0, 0, 0);
	if (how == 'e')
		call(SYS_execve, (long)"/proc/self/exe", (long)again, 0, 0);
	call(SYS_exit, 3, 0, 0, 0);
}

int main(int argc, char **argv)
{
	how = argc > 1 ? argv[1][0] : 0;
	if (how == 'o')
		return 0; /* anew */
	call(SYS_rseq, (long)areas[0], AREA, 0, SIGNATURE);
	if (thread(second, stack + sizeof stack, &runs) < 0)
		return 8; /* refused */
	if (how == 'l')
		call(SYS_exit, 2, 0, 0, 0);
	while (__atomic_load_n(&runs, __ATOMIC_SEQ_CST) != 0)
		call(SYS_futex, (long)&runs, FUTEX_WAIT, 1, 0);
	return 0;
}
