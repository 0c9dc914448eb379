/*
 * nosuchcall: asks for a system call that no kernel has.
 *
 * The kernel answers -38, ENOSYS. That is also what it puts into rax before any
 * call is made, so a tracer finds the same number there at both stops of this one.
 * The exit status is the errno.
 *
 * build: freestanding
 */
#include "syscall.h"

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return (int)-call(9999, 0, 0, 0, 0);
}
