/*
 * ownint3: an int3 of its own, and a handler for its SIGTRAP.
 *
 * The exit status is how often the handler has run: 1 without a tracer, and 1 with
 * a tracer that passes the SIGTRAP on. A tracer that takes the stop for that of its
 * own breakpoint, and drops the signal, makes it 0.
 *
 * build: freestanding
 */
#include "syscall.h"

#define SA_RESTORER 0x04000000

/* The kernel's own struct sigaction, which differs from the C library's. */
struct sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

volatile int handled;

static void handle(int signal)
{
	(void)signal;
	handled++;
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
	struct sigaction action = {handle, SA_RESTORER, restore, 0};

	(void)argc;
	(void)argv;
	call(SYS_rt_sigaction, SIGTRAP, (long)&action, 0, sizeof action.mask);
	__asm__ volatile("own: .globl own\n	int3");
	return handled;
}
