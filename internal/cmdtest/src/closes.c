/*
 * closes: makes itself not dumpable. Exits with 30, and 1 more if it sees a trap
 * flag in r11. With an argument it stores its flags too.
 */
#include "syscall.h"

#define SYS_prctl       157
#define PR_SET_DUMPABLE 4
#define TF              0x100

int main(int argc, char **argv)
{
	unsigned long nr = SYS_getpid, flags;

	call(SYS_prctl, PR_SET_DUMPABLE, 0, 0, 0);
	__asm__ volatile("syscall; mov %%r11, %0" : "=r"(flags), "+a"(nr) : : "rcx", "r11", "memory");
	if (argc > 1)
		__asm__ volatile("sub $128, %%rsp; pushfq; pop %0; add $128, %%rsp" : "=r"(flags) : : "memory", "cc");
	return 30 + !!(flags & TF);
}
