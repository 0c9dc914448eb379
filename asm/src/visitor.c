/*
 * visitor: calls one function three times, with the arguments 3, 4 and 5.
 *
 * A tracer plants a breakpoint at `visit`, and sees three stops with the argument
 * in rdi. The exit status is their sum, 12: it proves that each visit was made in
 * full. The first instruction of `visit` is one byte long, a push. Who leaves it
 * out breaks the stack.
 *
 * build: freestanding
 */
#include "syscall.h"

long total;

/* noipa: the compiler calls it as if it knew nothing of it. */
__attribute__((noipa)) void say(const char *text)
{
	call(SYS_write, 1, (long)text, 6, 0);
}

__attribute__((noipa)) void visit(long n)
{
	say("visit\n");
	total += n;
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	visit(3);
	visit(4);
	visit(5);
	return total;
}
