/*
 * blocker: asks to be traced, blocks SIGTRAP, and calls execve.
 *
 * The stop that follows the execve of a tracee is no more than a SIGTRAP that the
 * kernel sends to it. A blocked signal stays pending, and the set of blocked
 * signals survives an execve. A tracer therefore sees no stop here: it sees
 * the end of the second image, status 3.
 *
 * With the argument "stop" it raises SIGSTOP after PTRACE_TRACEME. At that stop a
 * tracer can set PTRACE_O_TRACEEXEC. Then it does see the execve, as a
 * PTRACE_EVENT_EXEC stop, which no signal mask can hide.
 *
 * build: freestanding
 */
#include "syscall.h"

static char *again[] = {"blocker", "again", NULL};

int main(int argc, char **argv)
{
	unsigned long trap = SIGBIT(SIGTRAP);

	if (argc > 1 && argv[1][0] == 'a') /* "again": the second image */
		return 3;

	if (call(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0) != 0)
		return 8; /* refused */
	if (argc > 1) /* "stop" */
		call(SYS_kill, call(SYS_getpid, 0, 0, 0, 0), SIGSTOP, 0, 0);
	call(SYS_rt_sigprocmask, SIG_BLOCK, (long)&trap, 0, sizeof trap);
	call(SYS_execve, (long)"/proc/self/exe", (long)again, 0, 0);
	return 127; /* the execve failed */
}
