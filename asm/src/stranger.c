/*
 * stranger: tries to trace a process that is not its own.
 *
 * argv[1] is a pid. The program gives up what privileges it can: supplementary
 * groups, group ids, user ids, capabilities. An ordinary user has none to
 * give up; then these calls fail, and the program goes on. It then makes one
 * request, ptrace(PTRACE_SEIZE, pid), and exits with the errno: 1 is EPERM, 3 is
 * ESRCH, 0 says that the request was allowed. Without argv[1] it asks for pid 0,
 * which no process has, and exits with 3.
 *
 * It is a tracer itself, or would be: what it must see is the refusal. PTRACE_SEIZE
 * stops nothing. If it is allowed after all, the process runs on, and is released
 * when this program ends.
 *
 * build: freestanding
 */
#include "syscall.h"

#define NOBODY 65534

/* capset(2): version 3 of the header, and two empty halves of three sets. */
static struct {
	unsigned version;
	int pid;
} capabilities = {0x20080522, 0};
static struct {
	unsigned effective, permitted, inheritable;
} none[2];

static long decimal(const char *s)
{
	long n = 0;

	for (; *s >= '0' && *s <= '9'; s++)
		n = n * 10 + (*s - '0');
	return n;
}

int main(int argc, char **argv)
{
	long pid = argc > 1 ? decimal(argv[1]) : 0;

	call(SYS_setgroups, 0, 0, 0, 0);
	call(SYS_setresgid, NOBODY, NOBODY, NOBODY, 0);
	call(SYS_setresuid, NOBODY, NOBODY, NOBODY, 0);
	call(SYS_capset, (long)&capabilities, (long)none, 0, 0);
	return -call(SYS_ptrace, PTRACE_SEIZE, pid, 0, 0);
}
