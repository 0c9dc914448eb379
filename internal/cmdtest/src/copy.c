/* copy: writes each file that is named to standard output, or "none" and a line
 * feed for one that cannot be opened. */
#include "syscall.h"

#define SYS_read  0
#define SYS_open  2
#define SYS_close 3

static char buffer[1 << 16];

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		long n, fd = call(SYS_open, (long)argv[i], 0, 0, 0);

		if (fd < 0) {
			call(SYS_write, 1, (long)"none\n", 5, 0);
			continue;
		}
		while ((n = call(SYS_read, fd, (long)buffer, sizeof buffer, 0)) > 0)
			call(SYS_write, 1, (long)buffer, n, 0);
		call(SYS_close, fd, 0, 0, 0);
	}
	return 0;
}
