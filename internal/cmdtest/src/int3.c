/* int3: four breakpoints of its own. With an argument a handler counts them and
 * the exit status is 40 and how many; without one the first of them kills it. */
#include "syscall.h"

#define SA_RESTORER 0x04000000

struct sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

static volatile int seen;

static void count_signal(int signal)
{
	(void)signal;
	seen++;
}

void restore(void);
__asm__(".text\n"
        "restore:\n"
        "	movl $15, %eax\n"
        "	syscall\n");

int main(int argc, char **argv)
{
	struct sigaction action = {count_signal, SA_RESTORER, restore, 0};

	(void)argv;
	if (argc > 1)
		call(SYS_rt_sigaction, SIGTRAP, (long)&action, 0, sizeof action.mask);
	for (int i = 0; i < 4; i++)
		__asm__ volatile("int3");
	return 40 + seen;
}
