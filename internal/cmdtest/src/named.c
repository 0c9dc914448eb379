/* named: calls itself by a hostile name, and counts. */
#include "syscall.h"

#define SYS_prctl   157
#define PR_SET_NAME 15

volatile unsigned long counter;

int main(int argc, char **argv)
{
	const long pause_time[] = {0, 5000000};

	(void)argc;
	(void)argv;
	call(SYS_prctl, PR_SET_NAME, (long)"a) R (\n\033[2Jb\377", 0, 0);
	for (;;) {
		counter++;
		call(SYS_nanosleep, (long)pause_time, 0, 0, 0);
	}
}
