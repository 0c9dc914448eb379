/*
 * rows: what a table of steps has to tell beside plain instructions, by the first
 * letter of its argument. n: a nap that SIGALRM interrupts, with a handler; c: a
 * nap that SIGCHLD interrupts, without one; e: exec of itself; s: a system call that
 * a seccomp filter answers with SIGSYS; k: one for which it kills; g: SIGSTOP, which
 * its child ends by SIGCONT.
 */
#include "syscall.h"

#define SYS_open      2
#define SYS_pread64   17
#define SYS_setitimer 38
#define SYS_fork      57
#define SYS_exit      60
#define SYS_wait4     61
#define SYS_getppid   110
#define SYS_prctl     157
#define SYS_seccomp   317
#define SIGKILL       9
#define SIGALRM       14
#define SIGCHLD       17
#define SIGCONT       18
#define SIGSYS        31
#define SA_RESTORER   0x04000000

struct sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

struct filter {
	unsigned short code;
	unsigned char jt, jf;
	unsigned int k;
};

static void handler(int signal) { (void)signal; }

void restore(void);
__asm__(".text\n"
        "restore:\n"
        "	movl $15, %eax\n"
        "	syscall\n");

static void handle(int signal)
{
	struct sigaction action = {handler, SA_RESTORER, restore, 0};

	call(SYS_rt_sigaction, signal, (long)&action, 0, 8);
}

/* refuse answers getppid with what, and allows everything else. */
static void refuse(unsigned int what)
{
	struct filter code[] = {{0x20, 0, 0, 0}, {0x15, 0, 1, SYS_getppid}, {0x06, 0, 0, what}, {0x06, 0, 0, 0x7fff0000}};
	struct { unsigned short length; struct filter *code; } program = {4, code};

	call(SYS_prctl, 38, 1, 0, 0); /* PR_SET_NO_NEW_PRIVS */
	call(SYS_seccomp, 1, 0, (long)&program, 0);
	call(SYS_getppid, 0, 0, 0, 0);
}

/* until_asleep waits until a process waits in a system call. stat is its file of
 * /proc: in a stop of its tracer the letter is t. */
static void until_asleep(long stat)
{
	const long moment[2] = {0, 1000000};
	char text[64], *at;

	for (;;) {
		call(SYS_pread64, stat, (long)text, sizeof text, 0);
		for (at = text; *at != ')' && at < text + sizeof text - 3; at++)
			;
		if (at[2] == 'S')
			return;
		call(SYS_nanosleep, (long)moment, 0, 0, 0);
	}
}

int main(int argc, char **argv)
{
	/* Again and again, so that one comes when it is waited for. */
	long alarms[4] = {0, 100000, 0, 100000};
	long nap[2] = {0, 300000000}, moment[2] = {0, 100000000}, child, stat, self = call(SYS_getpid, 0, 0, 0, 0);
	char *again[] = {argv[0], NULL};

	if (argc < 2)
		return 5;
	switch (argv[1][0]) {
	case 'n':
		handle(SIGALRM);
		call(SYS_setitimer, 0, (long)alarms, 0, 0);
		call(SYS_nanosleep, (long)nap, 0, 0, 0);
		return 6;
	case 'c':
		stat = call(SYS_open, (long)"/proc/self/stat", 0, 0, 0);
		child = call(SYS_fork, 0, 0, 0, 0);
		if (child == 0) {
			until_asleep(stat);
			call(SYS_exit, 0, 0, 0, 0);
		}
		call(SYS_nanosleep, (long)nap, 0, 0, 0);
		call(SYS_wait4, child, 0, 0, 0);
		return 7;
	case 'e':
		call(SYS_execve, (long)argv[0], (long)again, 0, 0);
		return 1;
	case 's':
		handle(SIGSYS);
		refuse(0x00030000); /* SECCOMP_RET_TRAP */
		return 8;
	case 'k':
		refuse(0x80000000); /* SECCOMP_RET_KILL_PROCESS */
		return 1;
	case 'g':
		child = call(SYS_fork, 0, 0, 0, 0);
		while (child == 0) {
			call(SYS_nanosleep, (long)moment, 0, 0, 0);
			call(SYS_kill, self, SIGCONT, 0, 0);
		}
		call(SYS_kill, self, SIGSTOP, 0, 0);
		call(SYS_kill, child, SIGKILL, 0, 0);
		call(SYS_wait4, child, 0, 0, 0);
		return 9;
	}
	return 1;
}
