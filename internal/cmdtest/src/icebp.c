/* icebp: one instruction that traps, and again, where a virtual machine does not
 * get past it. */
#include "syscall.h"

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	__asm__ volatile(".byte 0xf1");
	return 3;
}
