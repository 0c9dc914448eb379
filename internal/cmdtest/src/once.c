/*
 * once: waits for SIGINT, then 80 milliseconds for another one, and exits with
 * 40 and how many have come. It says "caught" for each.
 */
#include "syscall.h"

#define SIGINT      2
#define SA_RESTORER 0x04000000

struct sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

volatile unsigned long counter;

static void count_signal(int signal)
{
	(void)signal;
	counter++;
	call(SYS_write, 1, (long)"caught\n", 7, 0);
}

void restore(void);
__asm__(".text\n"
        "restore:\n"
        "	movl $15, %eax\n"
        "	syscall\n");

int main(int argc, char **argv)
{
	struct sigaction action = {count_signal, SA_RESTORER, restore, 0};
	const long minute[] = {60, 0}, soon[] = {0, 80000000};

	(void)argc;
	(void)argv;
	call(SYS_rt_sigaction, SIGINT, (long)&action, 0, sizeof action.mask);
	call(SYS_write, 1, (long)"ready\n", 6, 0);
	while (counter == 0)
		call(SYS_nanosleep, (long)minute, 0, 0, 0);
	call(SYS_nanosleep, (long)soon, 0, 0, 0);
	return 40 + counter;
}
