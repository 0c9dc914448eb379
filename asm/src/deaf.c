/*
 * deaf: ignores SIGUSR1, sends it to itself, and exits.
 *
 * Without a tracer the kernel drops the signal when it is sent, as nobody will ever
 * see it. With a tracer it does not: the tracer sees a signal-delivery-stop, and
 * decides. Passed on or not, the exit status is 0.
 *
 * build: freestanding
 */
#include "syscall.h"

#define SIG_IGN ((void (*)(int))1)

/* The kernel's own struct sigaction, which differs from the C library's. */
struct sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

int main(int argc, char **argv)
{
	struct sigaction action = {SIG_IGN, 0, NULL, 0};

	(void)argc;
	(void)argv;
	call(SYS_rt_sigaction, SIGUSR1, (long)&action, 0, 8);
	call(SYS_kill, call(SYS_getpid, 0, 0, 0, 0), SIGUSR1, 0, 0);
	return 0;
}
