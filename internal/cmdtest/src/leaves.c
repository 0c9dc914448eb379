/*
 * leaves: what a program may leave behind. It does what each letter of its argument
 * says: c starts a child; d a daemon, which starts a child; i ignores SIGTERM and
 * SIGHUP; e has the terminal echo nothing and give each key at once; f takes the
 * foreground for a process group of its own; r writes "ready"; p waits for ever; l
 * computes for ever. Then it exits with 3.
 */
#include "syscall.h"

#define SYS_ioctl     16
#define SYS_pause     34
#define SYS_fork      57
#define SYS_exit      60
#define SYS_wait4     61
#define SYS_setpgid   109
#define SYS_setsid    112
#define SIGHUP        1
#define SIGTERM       15
#define SIGTTOU       22
#define SIG_IGN       1
#define TCGETS        0x5401
#define TCSETS        0x5402
#define TIOCSPGRP     0x5410
#define ICANON_ECHO   (0x2 | 0x8)
#define TTY           0

static int forked(void) { return call(SYS_fork, 0, 0, 0, 0) == 0; }

static void waits(void)
{
	for (;;)
		call(SYS_pause, 0, 0, 0, 0);
}

static void ignore(long signal)
{
	const unsigned long action[] = {SIG_IGN, 0, 0, 0};

	call(SYS_rt_sigaction, signal, (long)action, 0, 8);
}

static void daemon(void)
{
	if (forked()) {
		if (!forked())
			call(SYS_exit, 0, 0, 0, 0);
		call(SYS_setsid, 0, 0, 0, 0);
		forked();
		waits();
	}
	call(SYS_wait4, -1, 0, 0, 0);
}

static void echo_nothing(void)
{
	struct { unsigned int input, output, control, local; char rest[64]; } modes;

	call(SYS_ioctl, TTY, TCGETS, (long)&modes, 0);
	modes.local &= ~ICANON_ECHO;
	call(SYS_ioctl, TTY, TCSETS, (long)&modes, 0);
}

static void foreground(void)
{
	const int group = call(SYS_getpid, 0, 0, 0, 0);

	ignore(SIGTTOU);
	call(SYS_setpgid, 0, 0, 0, 0);
	call(SYS_ioctl, TTY, TIOCSPGRP, (long)&group, 0);
}

int main(int argc, char **argv)
{
	(void)argc;
	for (const char *letter = argv[1]; *letter; letter++) {
		switch (*letter) {
		case 'c':
			if (forked())
				waits();
			break;
		case 'd':
			daemon();
			break;
		case 'i':
			ignore(SIGHUP);
			ignore(SIGTERM);
			break;
		case 'e':
			echo_nothing();
			break;
		case 'f':
			foreground();
			break;
		case 'r':
			call(SYS_write, 1, (long)"ready\n", 6, 0);
			break;
		case 'p':
			waits();
			break;
		case 'l':
			for (;;)
				__asm__ volatile("");
		}
	}
	return 3;
}
