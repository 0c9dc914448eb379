/*
 * told: has a handler that prints which signal it was called for, and who sent it.
 *
 * The handler is told both by the kernel, in a siginfo. A tracer can change both
 * between the sending and the handler. When the handler is there for SIGUSR1, SIGUSR2
 * and signal 34, the program sends SIGUSR1 to itself and exits. With an argument it
 * sends nothing: it unblocks all signals, if some are blocked, and exits.
 *
 * build: freestanding
 */
#include "syscall.h"

#define SIG_SETMASK 2
#define SIGUSR2     12
#define SIGRT       34
#define SA_SIGINFO  4
#define SA_RESTORER 0x04000000

/* The begin of the kernel's siginfo_t. */
struct siginfo {
	int signo, error, code, unused;
	int pid, uid;
};

/* The kernel's own struct sigaction, which differs from the C library's. */
struct sigaction {
	void (*handler)(int, struct siginfo *, void *);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

static int self;

static long put(char *line, long at, const char *text)
{
	while (*text)
		line[at++] = *text++;
	return at;
}

static void tell(int signal, struct siginfo *info, void *context)
{
	char line[40] = {'0' + signal / 10, '0' + signal % 10};
	const char *from = info->pid == self ? "itself" : info->pid == 1 ? "process 1" : "another";
	long length = put(line, 2, ", sent by ");

	(void)context;
	length = put(line, length, from);
	call(SYS_write, 1, (long)line, put(line, length, "\n"), 0);
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
	const unsigned long none = 0;
	struct sigaction action = {tell, SA_SIGINFO | SA_RESTORER, restore, 0};

	(void)argv;
	call(SYS_rt_sigaction, SIGUSR1, (long)&action, 0, sizeof action.mask);
	call(SYS_rt_sigaction, SIGUSR2, (long)&action, 0, sizeof action.mask);
	call(SYS_rt_sigaction, SIGRT, (long)&action, 0, sizeof action.mask);
	self = call(SYS_getpid, 0, 0, 0, 0);
	if (argc > 1)
		call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&none, 0, sizeof none);
	else
		call(SYS_kill, self, SIGUSR1, 0, 0);
	return 0;
}
