/* again: executes itself with one argument less, and exits with 9 at the last. */
#include "syscall.h"

int main(int argc, char **argv)
{
	if (argc == 1)
		return 9;
	argv[1] = argv[0];
	call(SYS_execve, (long)"/proc/self/exe", (long)(argv + 1), 0, 0);
	return 1;
}
