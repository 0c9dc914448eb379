/*
 * signals: counts in `counts` how often each signal has reached its handler, and
 * runs until the file exists that it is called with. The exit status is 0.
 */
#include "syscall.h"

#define SYS_open    2
#define SA_RESTORER 0x04000000
#define SIGKILL     9

struct sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

volatile unsigned long counts[65], counter;

static void count_signal(int signal)
{
	__atomic_add_fetch(&counts[signal], 1, __ATOMIC_RELAXED);
}

void restore(void);
__asm__(".text\n"
        "restore:\n"
        "	movl $15, %eax\n"
        "	syscall\n");

int main(int argc, char **argv)
{
	struct sigaction action = {count_signal, SA_RESTORER, restore, 0};
	const long pause_time[] = {0, 500000};

	(void)argc;
	for (int signal = 1; signal <= 64; signal++)
		if (signal != SIGKILL && signal != SIGSTOP &&
		    call(SYS_rt_sigaction, signal, (long)&action, 0, sizeof action.mask) != 0)
			return 2;
	do {
		counter++;
		call(SYS_nanosleep, (long)pause_time, 0, 0, 0);
	} while (call(SYS_open, (long)argv[1], 0, 0, 0) < 0);
	return 0;
}
