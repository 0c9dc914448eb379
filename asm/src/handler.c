/*
 * handler: sends itself SIGUSR1 three times and counts them in a handler.
 *
 * A tracer sees three signal-delivery-stops. If it passes each signal on, the
 * handler runs three times and the exit status is 3. Each signal that it swallows
 * makes the exit status one less.
 *
 * A tracer that passes a signal on with PTRACE_SINGLESTEP stops next at the first
 * instruction of `count_signal`. The handler returns to `restore`, which calls
 * rt_sigreturn (15), and from there to the instruction after the kill.
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

volatile int counted;

static void count_signal(int signal)
{
	(void)signal;
	counted++;
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
	struct sigaction action = {count_signal, SA_RESTORER, restore, 0};
	long self = call(SYS_getpid, 0, 0, 0, 0);

	(void)argc;
	(void)argv;
	call(SYS_rt_sigaction, SIGUSR1, (long)&action, 0, sizeof action.mask);
	for (int i = 0; i < 3; i++)
		call(SYS_kill, self, SIGUSR1, 0, 0);
	return counted;
}
