/*
 * mallocline: one line of C that calls malloc.
 *
 * A tracer that steps this line by single instructions leaves main, walks through
 * malloc and what malloc calls, and comes back many stops later. The line table
 * (DWARF) says which addresses belong to the line; the symbol table says in which
 * function each of the other stops lies. It is built without optimisation, so that
 * each line has its own instructions. The library is musl, linked statically; the
 * call of free makes the linker take musl's whole allocator, and not the small one
 * for programs that never free. It exits with status 0.
 *
 * build: musl-lines
 */
#include <stdlib.h>

int main(void)
{
	char *p = malloc(100); /* the line to step */
	p[0] = 'x';
	free(p);
	return 0;
}
