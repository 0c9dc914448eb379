/*
 * filtered: makes many calls, and asks by a seccomp filter that its tracer look at
 * one kind of them alone.
 *
 * With the argument "filter" it first installs a filter: four instructions of BPF
 * that answer SECCOMP_RET_TRACE with the number 42 for getppid, and "allow" for all
 * else. Then it calls getpid and getppid in turn, 300 times each. Without
 * PTRACE_O_TRACESECCOMP such a getppid is not made and fails with ENOSYS, which
 * the exit status is then.
 *
 * build: freestanding
 */
#include "syscall.h"

#define PR_SET_NO_NEW_PRIVS 38
#define PR_SET_SECCOMP      22
#define SECCOMP_MODE_FILTER 2
#define RET_TRACE 0x7ff00000u
#define RET_ALLOW 0x7fff0000u

/* One instruction of the filter, and all of them: linux/filter.h. */
struct sock_filter {
	unsigned short code;
	unsigned char yes, no;
	unsigned int k;
};

struct sock_fprog {
	unsigned short len;
	const struct sock_filter *filter;
};

static const struct sock_filter filter[] = {
	{0x20, 0, 0, 0},                /* load the word at 0: the call's number */
	{0x15, 0, 1, SYS_getppid},      /* is it getppid? */
	{0x06, 0, 0, RET_TRACE | 42},    /* yes: ask the tracer */
	{0x06, 0, 0, RET_ALLOW},        /* no: allow */
};

int main(int argc, char **argv)
{
	const struct sock_fprog prog = {4, filter};

	(void)argv;
	if (argc > 1) {
		call6(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0);
		if (call(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (long)&prog, 0) != 0)
			return 8; /* refused */
	}
	for (int i = 0; i < 300; i++) {
		long result;

		call(SYS_getpid, 0, 0, 0, 0);
		result = call(SYS_getppid, 0, 0, 0, 0);
		if (result < 0)
			return (int)-result;
	}
	return 0;
}
