/* busy: counts in memory, with a system call at each turn and no rest. */
#include "syscall.h"

volatile unsigned long counter;

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (;;) {
		counter++;
		call(SYS_getpid, 0, 0, 0, 0);
	}
}
