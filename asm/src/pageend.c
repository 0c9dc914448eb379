/*
 * pageend: opens a file whose name ends where its memory ends.
 *
 * The zero byte behind the name is the last byte of a page, and the next page is
 * not there. A tracer that reads the name in words of eight bytes may ask for bytes
 * behind it. The file does not exist: the exit status is ENOENT.
 *
 * build: freestanding
 */
#include "syscall.h"

#define PAGE 4096
#define HERE 0x500000 /* two pages at a place of our own choice */

static const char name[] = "/no/such/file";

int main(int argc, char **argv)
{
	char *page = (char *)call6(SYS_mmap, HERE, 2 * PAGE, PROT_READ | PROT_WRITE,
	                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	char *path = page + PAGE - sizeof name;

	(void)argc;
	(void)argv;
	call(SYS_munmap, (long)page + PAGE, PAGE, 0, 0);
	for (unsigned i = 0; i < sizeof name; i++)
		path[i] = name[i];
	return (int)-call(SYS_open, (long)path, 0, 0, 0);
}
