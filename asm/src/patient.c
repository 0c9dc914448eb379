/*
 * patient: waits in read, and is interrupted by a signal.
 *
 * It reads from a pipe of its own that is empty. The handler of SIGUSR1 writes one
 * byte, 5, into it. SA_RESTART asks the kernel to make an interrupted call again,
 * so the program calls read once and never learns that there were two. A tracer sees
 * both. The exit status is the byte that it has read.
 *
 * build: freestanding
 */
#include "syscall.h"

#define SA_RESTORER 0x04000000
#define SA_RESTART  0x10000000

/* The kernel's own struct sigaction, which differs from the C library's. */
struct sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

static int ends[2];

static void feed(int signal)
{
	const char byte = 5;

	(void)signal;
	call(SYS_write, ends[1], (long)&byte, 1, 0);
}

/* restore asks the kernel to put back the registers that the signal interrupted. */
void restore(void);
__asm__(".text\n"
        ".type restore, @function\n"
        "restore:\n"
        "	movl $15, %eax\n"
        "	syscall\n"
        ".size restore, . - restore\n");

int main(int argc, char **argv)
{
	struct sigaction action = {feed, SA_RESTORER | SA_RESTART, restore, 0};
	char byte = 0;

	(void)argc;
	(void)argv;
	call(SYS_pipe, (long)ends, 0, 0, 0);
	call(SYS_rt_sigaction, SIGUSR1, (long)&action, 0, sizeof action.mask);
	if (call(SYS_read, ends[0], (long)&byte, 1, 0) != 1)
		return 1;
	return byte;
}
