/*
 * volunteer: a program that asks to be traced, and then becomes another.
 *
 * ptrace(PTRACE_TRACEME) makes its parent its tracer, and stops nothing. The
 * execve that follows does: the tracer sees a signal-delivery-stop with SIGTRAP,
 * before the first instruction of the second image.
 *
 * The second image is this same file with one argument. It writes one line and
 * exits with status 0. A parent that waits without PTRACE_CONT waits for ever.
 *
 * build: freestanding
 */
#include "syscall.h"

static char *again[] = {"volunteer", "again", NULL};
static const char line[] = "The volunteer runs on\n";

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		call(SYS_write, 1, (long)line, sizeof line - 1, 0);
		return 0;
	}
	call(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0);
	call(SYS_execve, (long)"/proc/self/exe", (long)again, 0, 0);
	return 127; /* the execve failed */
}
