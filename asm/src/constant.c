/*
 * constant: prints a line that it may only read.
 *
 * The line lies in .rodata, on a page that is mapped r--p: if the program itself
 * wrote there, it would be killed by SIGSEGV. A tracer can write there.
 *
 * build: freestanding
 */
#include "syscall.h"

const char constant[] = "It never changes\n";

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	call(SYS_write, 1, (long)constant, sizeof constant - 1, 0);
	return 0;
}
