/*
 * helloc: hello world in C, with a C library inside.
 *
 * It prints one line and exits with status 0. The assembly versions need seven
 * instructions for their line. A tracer that counts finds more than a hundred times as
 * many here: the library prepares itself before main, fills a buffer, and empties
 * the buffer at exit. The library is musl, linked statically, so that no
 * dynamic linker adds its own.
 *
 * build: musl
 */
#include <stdio.h>

int main(void)
{
	puts("Hello from C");
	return 0;
}
