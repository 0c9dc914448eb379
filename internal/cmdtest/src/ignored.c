/* ignored: writes the lines of /proc/self/status that tell of its signals. */
#include "syscall.h"

#define SYS_read 0
#define SYS_open 2

int main(int argc, char **argv)
{
	static char text[8192];
	long file = call(SYS_open, (long)"/proc/self/status", 0, 0, 0);
	long size = call(SYS_read, file, (long)text, sizeof text, 0);

	for (char *line = text, *end; line < text + size; line = end) {
		for (end = line; *end++ != '\n';)
			;
		if (line[0] == 'S' && line[1] == 'i' && line[2] == 'g' && line[3] != 'Q')
			call(SYS_write, 1, (long)line, end - line, 0);
	}
	return 0;
}
