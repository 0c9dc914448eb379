/*
 * waits: makes one system call that waits, and stores its result in `result`.
 * counter is 1 before the call and 2 after it. The call is named by its first
 * letter: nanosleep for one second, poll for one second, read from the pipe that
 * is standard input.
 */
#include "syscall.h"

#define SYS_read  0
#define SYS_poll  7
#define SYS_pause 34

volatile long result;
volatile unsigned long counter;

int main(int argc, char **argv)
{
	const long second[] = {1, 0};
	char byte;

	(void)argc;
	counter = 1;
	switch (argv[1][0]) {
	case 'n':
		result = call(SYS_nanosleep, (long)second, 0, 0, 0);
		break;
	case 'p':
		result = call(SYS_poll, 0, 0, 1000, 0);
		break;
	case 'r':
		result = call(SYS_read, 0, (long)&byte, 1, 0);
		break;
	}
	counter = 2;
	for (;;)
		call(SYS_pause, 0, 0, 0, 0);
}
