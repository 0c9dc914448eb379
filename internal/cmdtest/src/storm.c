/*
 * storm: a timer sends SIGALRM two thousand times a second. With an argument the
 * program ends when its handler has run 500 times, without one never.
 */
#include "syscall.h"

#define SYS_setitimer 38
#define SIGALRM       14
#define SA_RESTORER   0x04000000

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
}

void restore(void);
__asm__(".text\n"
        "restore:\n"
        "	movl $15, %eax\n"
        "	syscall\n");

int main(int argc, char **argv)
{
	struct sigaction action = {count_signal, SA_RESTORER, restore, 0};
	const long every[] = {0, 500, 0, 500};
	const long pause_time[] = {1, 0};

	(void)argv;
	call(SYS_rt_sigaction, SIGALRM, (long)&action, 0, sizeof action.mask);
	call(SYS_setitimer, 0, (long)every, 0, 0);
	while (argc == 1 || counter < 500)
		call(SYS_nanosleep, (long)pause_time, 0, 0, 0);
	return 0;
}
