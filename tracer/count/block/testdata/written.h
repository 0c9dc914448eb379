/* Code that is written, moved, mapped or cut off: functions of code.c. */

/* mov eax, n; dec eax; jnz; mov eax, n; ret */
static const unsigned char loop[] = {0xb8, 5, 0, 0, 0, 0xff, 0xc8, 0x75, 0xfc, 0xb8, 5, 0, 0, 0, 0xc3};

typedef int function(void);

static function *put(unsigned char *at, int n)
{
	memcpy(at, loop, sizeof loop);
	at[1] = at[10] = n;
	return (function *)at;
}

/* Code in memory that stays writable, changed between two calls. */
static int writable(void)
{
	unsigned char *p = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int sum = 0;
	for (int n = 1; n < 6; n++)
		sum += put(p, n)();
	return sum;
}

/* Code that is written, then made executable, then written again. */
static int flipped(void)
{
	unsigned char *p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int sum = 0;
	for (int n = 1; n < 6; n++) {
		put(p, n);
		mprotect(p, 4096, PROT_READ | PROT_EXEC);
		for (int i = 0; i < 3; i++)
			sum += ((function *)p)();
		mprotect(p, 4096, PROT_READ | PROT_WRITE);
	}
	return sum;
}

/* One file, mapped for writing and for execution. */
static int twice(int flags)
{
	int fd = memfd_create("code", 0);
	ftruncate(fd, 4096);
	unsigned char *w = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	put(w, 1);
	function *f = mmap(0, 4096, PROT_READ | PROT_EXEC, flags, fd, 0);
	int sum = f();
	put(w, 7);
	return sum + f();
}

/* The same address, mapped anew. */
static int replaced(void)
{
	void *at = (void *)0x10000000;
	int sum = 0;
	for (int n = 1; n < 5; n++) {
		int fd = memfd_create("code", 0);
		unsigned char code[sizeof loop];
		put(code, n);
		write(fd, code, sizeof code);
		function *f = mmap(at, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, 0);
		sum += f() + f();
		if (n % 2)
			munmap(at, 4096);
		close(fd);
	}
	return sum;
}

/* Code moved to another address. */
static int moved(void)
{
	unsigned char *p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	put(p, 3);
	mprotect(p, 4096, PROT_READ | PROT_EXEC);
	int sum = ((function *)p)();
	p = mremap(p, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)0x20000000);
	sum += ((function *)p)();
	put(mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4);
	return sum + ((function *)p)();
}

int thirteen(void) { return 13; }
__attribute__((noinline)) static int answer(void) { return thirteen(); }

/* Code changed through /proc/self/mem, which asks no page for its rights. */
static int through_proc(void)
{
	int sum = answer() + thirteen();
	int fd = open("/proc/self/mem", O_RDWR);
	unsigned char code[] = {0xb8, 14, 0, 0, 0, 0xc3};
	pwrite(fd, code, sizeof code, (off_t)(uintptr_t)thirteen);
	close(fd);
	return sum + thirteen() + answer();
}

/* A jump into the middle of an instruction: mov eax, 0x90c3b8 hides another. */
int middle(int);
__asm__(".globl middle; middle: mov %edi, %ecx; xor %eax, %eax; lea 1f(%rip), %rdx; add %rcx, %rdx; jmp *%rdx\n"
        "1: .byte 0x3d, 0xb0, 0x07, 0xc3, 0x90; add $1, %eax; ret");

static int written(void)
{
	int pipes[2];
	unsigned char code[32];
	pipe(pipes);
	int sum = answer();
	write(pipes[1], (void *)thirteen, sizeof code);
	read(pipes[0], code, sizeof code);
	return sum + code[0];
}

/* Code in the heap, which goes and comes again. */
static int heap(void)
{
	personality(READ_IMPLIES_EXEC | ADDR_NO_RANDOMIZE);
	unsigned char *end = (unsigned char *)((syscall(SYS_brk, 0) + 4095) & ~4095);
	int sum = 0;
	for (int n = 1; n < 6; n++) {
		syscall(SYS_brk, end + 4096);
		put(end, n);
		for (int i = 0; i < 3; i++)
			sum += ((function *)end)();
		mprotect(end, 4096, PROT_READ | PROT_EXEC);
		for (int i = 0; i < 3; i++)
			sum += ((function *)end)();
		syscall(SYS_brk, end);
	}
	return sum;
}

/* mprotect of the last page alone opens the first one. */
static int grows_down(void)
{
	unsigned char *p = mmap(0, 4 * 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);
	int sum = 0;
	for (int n = 1; n < 6; n++) {
		put(p, n);
		mprotect(p, 4 * 4096, PROT_READ | PROT_EXEC);
		for (int i = 0; i < 3; i++)
			sum += ((function *)p)();
		mprotect(p + 3 * 4096, 4096, PROT_READ | PROT_WRITE | PROT_EXEC | PROT_GROWSDOWN);
	}
	return sum;
}

/* A file of code that is cut off and written anew, by its name. */
static int cut_off(void)
{
	unsigned char page[4096] = {0};
	int fd = memfd_create("code", 0), sum = 0;
	char name[] = "/proc/self/fd/?";
	name[14] = '0' + fd;
	put(page, 1);
	pwrite(fd, page, sizeof page, 0);
	function *f = mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	for (int n = 2; n < 6; n++) {
		for (int i = 0; i < 3; i++)
			sum += f();
		if (n % 2)
			truncate(name, 0);
		int to = open(name, O_WRONLY | (n % 2 ? 0 : O_TRUNC));
		put(page, n);
		pwrite(to, page, sizeof page, 0);
		close(to);
	}
	return sum;
}
