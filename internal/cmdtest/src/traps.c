/*
 * traps: SIGTRAPs of the program's own, by the first letter of its argument. f: it
 * sets the trap flag by popf; r: by the return from a handler; k, t: kill and tgkill;
 * q: sigqueue, with the si_code and the address of a step that it does not know; i:
 * int3; d: icebp, a debug exception. Without a second argument the first of them kills
 * it. With one a handler counts them, and the exit status is 40 and how many; in the
 * handler SIGTRAP has to be blocked, and our trap flag must not be seen.
 *
 * w: a thousand signals that it ignores, one after the other.
 */
#include "syscall.h"

#define SYS_gettid         186
#define SYS_rt_sigqueueinfo 129
#define SYS_tgkill         234
#define SIG_UNBLOCK 1
#define SIG_IGN     1
#define SA_SIGINFO  4
#define SA_RESTORER 0x04000000
#define TF          0x100
#define FLAGS       (5 + 17) /* in a struct ucontext, of 8 bytes each */

struct sigaction {
	void (*handler)(int, void *, unsigned long *);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

static volatile int seen, shown;
static unsigned long turn; /* flags that the next handler changes */

static void handler(int sig, void *info, unsigned long *context)
{
	unsigned long mask = 0;

	(void)info;
	call(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&mask, 8);
	if (sig == SIGTRAP)
		seen++;
	if (!(mask & SIGBIT(sig)))
		shown++;
	if (seen == 5)
		context[FLAGS] &= ~TF;
	context[FLAGS] |= turn;
	turn = 0;
}

void restore(void);
__asm__(".text\n"
        "restore:\n"
        "	movl $15, %eax\n"
        "	syscall\n");

static void handle(int sig)
{
	struct sigaction action = {handler, SA_SIGINFO | SA_RESTORER, restore, 0};

	call(SYS_rt_sigaction, sig, (long)&action, 0, 8);
}

static void ignored(long self)
{
	struct sigaction action = {(void *)SIG_IGN, SA_RESTORER, restore, 0};
	unsigned long set = SIGBIT(40);

	call(SYS_rt_sigaction, 40, (long)&action, 0, 8);
	call(SYS_rt_sigprocmask, SIG_BLOCK, (long)&set, 0, 8);
	for (int i = 0; i < 1000; i++)
		call(SYS_kill, self, 40, 0, 0);
	call(SYS_rt_sigprocmask, SIG_UNBLOCK, (long)&set, 0, 8);
}

int main(int argc, char **argv)
{
	long self = call(SYS_getpid, 0, 0, 0, 0);
	int info[32] = {SIGTRAP, 0, 2 /* TRAP_TRACE */};

	if (argc < 2)
		return 1;
	if (argc > 2)
		handle(SIGTRAP);
	switch (argv[1][0]) {
	case 'f':
		__asm__ volatile("sub $128, %%rsp; pushfq; orq $0x100, (%%rsp); popfq; nop; nop;"
		                 "pushfq; andq $~0x100, (%%rsp); popfq; nop; add $128, %%rsp" ::: "memory", "cc");
		break;
	case 'r':
		handle(SIGUSR1);
		turn = TF;
		call(SYS_kill, self, SIGUSR1, 0, 0);
		__asm__ volatile("nop; nop; nop; nop; nop; nop; nop; nop");
		break;
	case 'k':
		call(SYS_kill, self, SIGTRAP, 0, 0);
		break;
	case 't':
		call(SYS_tgkill, self, call(SYS_gettid, 0, 0, 0, 0), SIGTRAP, 0);
		break;
	case 'q':
		call(SYS_rt_sigqueueinfo, self, SIGTRAP, (long)info, 0);
		break;
	case 'i':
		__asm__ volatile("int3; int3; int3");
		break;
	case 'd':
		__asm__ volatile(".byte 0xf1");
		break;
	case 'w':
		ignored(self);
		return 6;
	}
	return shown ? 90 : 40 + seen;
}
