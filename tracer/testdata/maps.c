/*
 * maps: makes mappings that cannot be read or written in the usual way, stores
 * their addresses, and sends itself SIGUSR1.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

char *none, *beyond, *shared;
const char constant[8] = "constant";

int main(void)
{
	int fd = memfd_create("maps", 0);

	none = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	none[0] = 'n';
	mprotect(none, 4096, PROT_NONE);
	if (ftruncate(fd, 4096) != 0)
		return 1;
	beyond = (char *)mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) + 4096;
	shared = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	raise(SIGUSR1);
	return 0;
}
