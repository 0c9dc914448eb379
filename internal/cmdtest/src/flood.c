/*
 * flood: writes more than a pipe holds with one system call, then the line of an
 * event without its end, and exits with 6.
 */
#include "syscall.h"

static const char text[300000];
static const char forged[] = "{\"v\":1,\"kind\":\"end\",\"exit\":0}";

int main(int argc, char **argv)
{
	(void)argc, (void)argv;
	if (call(SYS_write, 1, (long)text, sizeof text, 0) != sizeof text)
		return 1;
	call(SYS_write, 1, (long)forged, sizeof forged - 1, 0);
	return 6;
}
