/*
 * code: programs that make, change, move and share code, each chosen by its name in
 * argv[1]. They do the same each time, and so have one count.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "written.h"

static volatile int hits;

static void hit(int sig)
{
	(void)sig;
	hits++;
}

/* A fault in the middle of straight code, whose handler goes on after it. */
static void skip(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	int64_t *rip = (int64_t *)((char *)context + 40 + 16 * 8);
	*rip += 3; /* mov (%rcx), %rdx */
	hits++;
}

static int faults(void)
{
	struct sigaction a = {.sa_sigaction = skip, .sa_flags = SA_SIGINFO};
	sigaction(SIGSEGV, &a, 0);
	for (int i = 0; i < 5; i++)
		__asm__ volatile("xor %%ecx, %%ecx; nop; nop; mov (%%rcx), %%rdx; nop" ::: "rcx", "rdx", "memory");
	return hits;
}

/* rep, with every way to end. */
static int repeats(void)
{
	static char a[600], b[600];
	long n = 0, rest;
	memset(a, 'a', sizeof a);
	for (long len = 0; len < 600; len += 199) {
		char *from = a, *to = b;
		long count = len;
		__asm__ volatile("rep movsb" : "+S"(from), "+D"(to), "+c"(count) :: "memory");
		n += to - b;
	}
	b[300] = 'b';
	char *s = b;
	rest = sizeof b;
	__asm__ volatile("repne scasb" : "+D"(s), "+c"(rest) : "a"('b') : "memory", "cc");
	n += rest;
	s = a;
	char *d = b;
	rest = 200;
	__asm__ volatile("repe cmpsb" : "+S"(s), "+D"(d), "+c"(rest) :: "memory", "cc");
	return (n + rest) % 100;
}

/* loop, jrcxz and each condition. */
static int branches(void)
{
	int n = 0;
	for (long i = -3; i < 4; i++)
		for (long j = -3; j < 4; j++) {
			n += (i < j) + 2 * ((unsigned long)i < (unsigned long)j) + (i <= j) + (i == j) + ((i ^ j) > 0);
			long c = i + 4;
			__asm__ volatile("1: inc %0; loop 1b; jrcxz 2f; inc %0; 2: cmp %2, %3; jo 3f; inc %0; 3: jp 4f; inc %0; 4: js 5f; inc %0; 5:"
			                 : "+r"(n), "+c"(c) : "r"(i), "r"(j) : "cc");
		}
	return n % 200;
}

static int forks(void)
{
	int sum = 0, status;
	for (int i = 0; i < 3; i++) {
		pid_t pid = i == 1 ? vfork() : fork();
		if (pid == 0) {
			if (i == 2) {
				int n = 0;
				for (int k = 0; k < 100; k++)
					n += answer();
				_exit(n % 50);
			}
			_exit(3);
		}
		waitpid(pid, &status, 0);
		sum += WEXITSTATUS(status);
	}
	return sum;
}

static int alarms(void)
{
	signal(SIGUSR1, hit);
	for (int i = 0; i < 20; i++) {
		kill(getpid(), SIGUSR1);
		answer();
	}
	return hits;
}

/* Loops that jump back in any case, and leave from their middle. */
static int back(void)
{
	int n = 0;
	__asm__ volatile("mov $20, %%ecx\n"
	                 "1: inc %0\n dec %%ecx\n jz 3f\n inc %0\n jmp 1b\n"
	                 "3: mov $9, %%ecx\n jmp 5f\n"
	                 "4: inc %0\n jmp 6f\n"
	                 "5: inc %0\n jmp 4b\n"
	                 "6: dec %%ecx\n jnz 5b"
	                 : "+r"(n) :: "ecx", "cc");
	return n;
}

/*
 * Instructions that share their bytes: a jump to its own second byte, where inc
 * eax stands; a mov whose immediate value is inc eax and a jump; and a mov whose
 * immediate ends in the first byte of a syscall, getpid, which is a jump's target.
 */
static int overlap(void)
{
	int n = 0;
	__asm__ volatile("mov $30, %%ebx\n"
	                 "1: mov %0, %%eax\n"
	                 ".byte 0xeb, 0xff, 0xc0\n" /* jmp .-1; inc eax */
	                 "mov %%eax, %0\n"
	                 "test $1, %%bl\n jz 2f\n jmp 3f+1\n"
	                 "2: nop\n"
	                 "3: .byte 0xb8, 0xff, 0xc0, 0xeb, 0x00\n" /* mov eax, ...; inc eax; jmp */
	                 "test $2, %%bl\n mov $39, %%eax\n jz 4f\n jmp 5f+3\n"
	                 "4: mov $39, %%eax\n"
	                 "5: .byte 0x66, 0x81, 0xe1, 0x0f, 0x05\n" /* and cx, 0x050f; syscall */
	                 "add $2, %0\n dec %%ebx\n jnz 1b"
	                 : "+r"(n) :: "rax", "rbx", "rcx", "r11", "cc", "memory");
	return n;
}

/* Instructions that do nothing, and that few decoders know. */
static int hints(void)
{
	int n = 0;
	for (int i = 0; i < 5; i++)
		__asm__ volatile(".byte 0x66, 0x0f, 0x1e, 0xc0\n inc %0\n .byte 0x66, 0x0f, 0x1c, 0xc0\n inc %0\n"
		                 ".byte 0xf3, 0x0f, 0x1e, 0xc0\n inc %0" : "+r"(n) :: "cc");
	return n;
}

/* Short repeats while a timer sends its signals. */
static int timers(void)
{
	static char a[64], b[64];
	struct itimerval each = {{0, 500}, {0, 500}};
	signal(SIGALRM, hit);
	setitimer(ITIMER_REAL, &each, 0);
	while (hits < 2000) {
		char *from = a, *to = b;
		long count = sizeof a;
		__asm__ volatile("rep movsb" : "+S"(from), "+D"(to), "+c"(count) :: "memory");
	}
	return 22;
}

/* A child of vfork leaves a process behind that runs in this memory. */
static volatile int sum;

static int work(void *times)
{
	for (long i = 0; i < (long)times; i++)
		sum += answer();
	_exit(0);
}

static int orphan(void)
{
	static char stack[65536];
	int ends[2];
	pipe(ends);
	if (vfork() == 0) {
		clone(work, stack + sizeof stack, CLONE_VM | SIGCHLD, (void *)50000);
		_exit(0);
	}
	close(ends[1]);
	int n = answer() + answer() + answer();
	read(ends[0], &n, sizeof n); /* until it has ended */
	return sum == 50000 * answer() ? 31 : 32;
}

/* A restartable sequence, whose abort is a loop of two thousand instructions. The
   third abort of a turn ends it. */
static int sequence(void)
{
	struct rseq *r = (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);
	volatile int done = 0;
	int aborts = 0;
	for (int n = 0; n < 20 && __rseq_size > 0; n++)
		for (int tries = 0; tries < 3; tries++) {
			__asm__ goto(".pushsection __rseq_cs, \"aw\"\n .balign 32\n 3: .long 0, 0\n .quad 1f, 2f - 1f, 4f\n .popsection\n"
			             "lea 3b(%%rip), %%rax\n mov %%rax, %0\n"
			             "1: mov %1, %%eax\n inc %%eax\n test %%eax, %%eax\n jz 5f\n 5: nop\n mov %%eax, %1\n 2:\n"
			             ".pushsection __rseq_failure, \"ax\"\n .byte 0x0f, 0xb9, 0x3d\n .long 0x53053053\n"
			             "4: mov $1000, %%ecx\n 6: dec %%ecx\n jnz 6b\n jmp %l[aborted]\n .popsection\n"
			             :: "m"(r->rseq_cs), "m"(done) : "rax", "rcx", "memory", "cc" : aborted);
			break;
		aborted:
			aborts++;
		}
	return aborts;
}

/* A jump to itself, until a signal comes. */
static void leave(int sig)
{
	(void)sig;
	_exit(21);
}

static int stands(void)
{
	signal(SIGALRM, leave);
	alarm(1);
	__asm__ volatile("1: nop; nop; jmp 1b");
	return 1;
}

/* Code that is copied away and back, by itself: onto other pages, as for huge ones. */
static int carried(void)
{
	unsigned char *p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	function *f = put(p, 5);
	mprotect(p, 4096, PROT_READ | PROT_EXEC);
	int sum = f();
	memcpy(p + 4096, p, 4096);
	mmap(p, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	memcpy(p, p + 4096, 4096);
	mprotect(p, 4096, PROT_READ | PROT_EXEC);
	return sum + f();
}

/* Code of nothing but prefixes, up to the end of the page and before it. */
static sigjmp_buf away;

static void leaves(int sig)
{
	siglongjmp(away, sig);
}

static int only_prefixes(void)
{
	static const unsigned char prefixes[] = {0x41, 0x4f, 0x66, 0x64, 0x65, 0x67, 0x2e, 0x36, 0x3e, 0x26, 0xf2, 0xf3};
	unsigned char *p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int sum = 0;
	munmap(p + 4096, 4096);
	signal(SIGSEGV, leaves);
	for (unsigned n = 0; n < sizeof prefixes; n++) {
		mprotect(p, 4096, PROT_READ | PROT_WRITE);
		memset(p, prefixes[n], 4096);
		mprotect(p, 4096, PROT_READ | PROT_EXEC);
		for (int from = 4096 - 20; from < 4096; from += 5)
			if (sigsetjmp(away, 1) == 0)
				((function *)(p + from))();
			else
				sum++;
	}
	return sum;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
#define IS(word) (strcmp(name, word) == 0)
	return IS("writable") ? writable() : IS("flipped") ? flipped() : IS("shared") ? twice(MAP_SHARED)
	     : IS("private") ? twice(MAP_PRIVATE) : IS("replaced") ? replaced() : IS("moved") ? moved()
	     : IS("proc") ? through_proc() : IS("middle") ? middle(0) + 10 * middle(1) : IS("written") ? written()
	     : IS("faults") ? faults() : IS("repeats") ? repeats() : IS("branches") ? branches()
	     : IS("forks") ? forks() : IS("alarms") ? alarms() : IS("back") ? back()
	     : IS("stands") ? stands() : IS("overlap") ? overlap()
	     : IS("heap") ? heap() : IS("grows down") ? grows_down() : IS("cut off") ? cut_off()
	     : IS("orphan") ? orphan() : IS("sequence") ? sequence()
	     : IS("carried") ? carried() : IS("only prefixes") ? only_prefixes()
	     : IS("hints") ? hints() : IS("timers") ? timers() : 99;
}
