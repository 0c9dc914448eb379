/* mappings: N mappings, and then M pairs of mmap and munmap beside them. */
#include <stdlib.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
	if (argc < 3)
		return 99;
	for (int n = atoi(argv[1]); n > 0; n--) /* neighbours with other rights stay apart */
		mmap(0, 4096, n % 2 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int n = atoi(argv[2]); n > 0; n--) {
		char *p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		*(volatile char *)p = 1;
		munmap(p, 4096);
	}
	return 7;
}
