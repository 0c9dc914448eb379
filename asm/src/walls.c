/*
 * walls: three pages side by side, each with its own kind of wall.
 *
 * The first, at 0x500000, holds a text and is then closed to the program itself:
 * PROT_NONE. The second is the begin of the program's file, shared and read-only.
 * Behind it nothing is mapped. When all is ready the program calls getpid, so that
 * a tracer knows where to stop it, and exits.
 *
 * build: freestanding
 */
#include "syscall.h"

#define PAGE 4096
#define HERE 0x500000 /* a place of our own choice */

int main(int argc, char **argv)
{
	const char text[] = "behind a wall";
	char *closed = (char *)call6(SYS_mmap, HERE, PAGE, PROT_READ | PROT_WRITE,
	                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	long file = call(SYS_open, (long)"/proc/self/exe", 0, 0, 0);
	long shared = call6(SYS_mmap, HERE + PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED,
	                    file, 0);

	(void)argc;
	(void)argv;
	for (unsigned i = 0; i < sizeof text; i++)
		closed[i] = text[i];
	if (shared < 0 || call(SYS_mprotect, HERE, PAGE, PROT_NONE, 0) != 0)
		return 8; /* refused */
	call(SYS_getpid, 0, 0, 0, 0);
	return 0;
}
