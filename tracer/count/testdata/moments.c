/*
 * moments: programs in one file, each chosen by its name in argv[1]. They have
 * their signals, and look at their flags and their mask, at the moments where a
 * tracer that steps is easily seen. Counted and untraced they have to end alike.
 */
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

enum { CF = 0x1, ZF = 0x40, TF = 0x100, ID = 0x200000 };

static volatile sig_atomic_t seen, frame;
static volatile uint64_t saved; /* the flags in the last frame */
static uint64_t turn;           /* those that a handler changes there */

static void handle(int sig, void (*h)(int, siginfo_t *, void *), int flags)
{
	struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO | flags};
	sigaction(sig, &a, 0);
}

static void look(int sig, siginfo_t *info, void *context)
{
	ucontext_t *c = context;
	(void)sig;
	(void)info;
	seen++;
	saved = c->uc_mcontext.gregs[REG_EFL];
	c->uc_mcontext.gregs[REG_EFL] ^= turn;
	frame = sigismember(&c->uc_sigmask, SIGTRAP);
}

static int blocks(int how, int sig)
{
	sigset_t set, old;
	sigemptyset(&set);
	if (sig)
		sigaddset(&set, sig);
	sigprocmask(how, &set, &old);
	return sigismember(&old, SIGTRAP);
}

/* Is SIGTRAP blocked in the frame of a handler, and after it? */
static int mask(void)
{
	handle(SIGUSR1, look, 0);
	blocks(SIG_BLOCK, SIGTRAP);
	raise(SIGUSR1);
	return 10 * frame + blocks(SIG_BLOCK, 0);
}

/* int3 while SIGTRAP is blocked kills, though there is a handler. */
static int blocked(void)
{
	handle(SIGTRAP, look, 0);
	blocks(SIG_BLOCK, SIGTRAP);
	__asm__ volatile("int3");
	return 50;
}

/* Calls that wait with a mask of their own, until a child's signal comes. */
static int waits(void)
{
	sigset_t all, none; /* but for SIGCHLD, which may come or not before we go on */
	struct timespec limit = {5, 0};
	struct epoll_event event;
	int n = 0, ends[2], poller = epoll_create1(0);
	pid_t self = getpid();
	handle(SIGUSR1, look, 0);
	sigfillset(&all);
	sigemptyset(&none);
	sigaddset(&none, SIGCHLD);
	sigprocmask(SIG_BLOCK, &all, 0);
	for (int way = 0; way < 4; way++) {
		pipe(ends);
		pid_t pid = fork();
		if (pid == 0) {
			char c;
			read(ends[0], &c, 1);
			kill(self, SIGUSR1);
			_exit(0);
		}
		write(ends[1], "", 1);
		int r = way == 0 ? epoll_pwait(poller, &event, 1, 5000, &none)
		      : way == 1 ? ppoll(0, 0, &limit, &none)
		      : way == 2 ? pselect(0, 0, 0, 0, &limit, &none) : sigsuspend(&none);
		n += r == -1 && errno == EINTR;
		waitpid(pid, 0, 0);
	}
	return 10 * n + seen;
}

static void first(int sig, siginfo_t *info, void *context)
{
	ucontext_t *c = context;
	(void)sig;
	(void)info;
	if (++seen >= 5)
		c->uc_mcontext.gregs[REG_EFL] &= ~TF;
}

/* A trap flag that is set by the return from a handler. */
static int returned(void)
{
	handle(SIGTRAP, first, 0);
	handle(SIGUSR1, look, 0);
	turn = TF;
	raise(SIGUSR1);
	__asm__ volatile("nop; nop; nop; nop; nop; nop; nop; nop");
	return seen;
}

/* One that is set by iretq. */
static int iretq(void)
{
	handle(SIGTRAP, first, 0);
	__asm__ volatile("sub $128, %%rsp\n mov %%rsp, %%rcx\n"
	                 "mov %%ss, %%eax\n push %%rax\n push %%rcx\n"
	                 "pushfq\n orq $0x100, (%%rsp)\n"
	                 "mov %%cs, %%eax\n push %%rax\n lea 1f(%%rip), %%rax\n push %%rax\n iretq\n"
	                 "1: nop; nop; nop; nop; nop; nop; nop; nop\n"
	                 "add $128, %%rsp" ::: "rax", "rcx", "memory", "cc");
	return seen;
}

/* A signal to itself comes before the branch behind the call. */
static int branch(void)
{
	int r = 62; /* kill */
	handle(SIGUSR1, look, 0);
	turn = ZF;
	__asm__ volatile("cmp %%eax, %%eax\n syscall\n jz 1f\n mov $3, %%eax\n jmp 2f\n 1: mov $4, %%eax\n 2:"
	                 : "+a"(r) : "D"(getpid()), "S"(SIGUSR1) : "rcx", "r11", "memory", "cc");
	return r;
}

/* It comes before a popf there, which loads the flags once more. */
static int popf(uint64_t change)
{
	int r = 62; /* kill */
	handle(SIGUSR1, look, 0);
	turn = CF;
	__asm__ volatile("sub $128, %%rsp\n clc\n pushfq\n xor %3, (%%rsp)\n syscall\n"
	                 "popfq\n mov $0, %%eax\n adc $0, %%eax\n add $128, %%rsp"
	                 : "+a"(r) : "D"(getpid()), "S"(SIGUSR1), "r"(change) : "rcx", "r11", "memory", "cc");
	return 10 * r + 2 * !!(saved & TF) + seen;
}

static char *page;

static void open_page(int sig, siginfo_t *info, void *context)
{
	look(sig, info, context);
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

static char *new_page(void)
{
	page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(page + 4096, 4096);
	return page;
}

/* popf faults, and is executed again. */
static int popf_faults(void)
{
	static char other[65536];
	stack_t stack = {.ss_sp = other, .ss_size = sizeof other};
	sigaltstack(&stack, 0);
	handle(SIGSEGV, open_page, SA_ONSTACK);
	*(uint64_t *)(new_page() + 1024) = 0x202;
	mprotect(page, 4096, PROT_NONE);
	__asm__ volatile("mov %%rsp, %%rbx\n lea 1024(%0), %%rsp\n popfq\n mov %%rbx, %%rsp"
	                 :: "r"(page) : "rbx", "memory", "cc");
	return 2 * !!(saved & TF) + seen;
}

/* pushfw into the last two bytes of a mapping. */
static int edge(void)
{
	uint16_t *last = (uint16_t *)(new_page() + 4094);
	__asm__ volatile("mov %%rsp, %%rbx\n lea 2(%0), %%rsp\n pushfw\n mov %%rbx, %%rsp"
	                 :: "r"(last) : "rbx", "memory", "cc");
	return !!(*last & TF);
}

/* pushf behind a REX prefix that is not the last prefix, and behind many. */
static int prefixes(void)
{
	uint64_t a = 0, b;
	__asm__ volatile("sub $128, %%rsp\n"
	                 ".byte 0x48, 0x66, 0x9c\n movzwl (%%rsp), %k0\n add $2, %%rsp\n"
	                 ".byte 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x9c\n pop %1\n"
	                 "add $128, %%rsp" : "+&r"(a), "=&r"(b) :: "memory", "cc");
	return !!(a & TF) + 2 * !!(b & TF);
}

static volatile char selector;

static void answer(int sig, siginfo_t *info, void *context)
{
	look(sig, info, context);
	selector = 0;
	((ucontext_t *)context)->uc_mcontext.gregs[REG_RAX] = 42;
}

/* Syscall User Dispatch makes a SIGSYS of a system call. */
static int dispatch(void)
{
	long r = 39; /* getpid */
	handle(SIGSYS, answer, 0);
	if (prctl(59 /* PR_SET_SYSCALL_USER_DISPATCH */, 1, 0, 0, &selector))
		return 60;
	selector = 1;
	__asm__ volatile("syscall" : "+a"(r) :: "rcx", "r11", "memory");
	return r + seen;
}

/* mov eax, 1; nops; ret. And: r11 after getpid. */
static const unsigned char one[] = {0xb8, 1, 0, 0, 0, 0x90, 0x90, 0x90, 0x90, 0x90, 0xc3};
static const unsigned char r11[] = {0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0x4c, 0x89, 0xd8, 0xc3};

typedef int function(void);

/* A child of vfork changes the code of its parent. */
static int vforked(void)
{
	function *f = (function *)memcpy(new_page(), one, sizeof one);
	mprotect(page, 4096, PROT_READ | PROT_EXEC);
	int n = f() + f();
	if (vfork() == 0) {
		mprotect(page, 4096, PROT_READ | PROT_WRITE);
		memcpy(page, r11, sizeof r11);
		mprotect(page, 4096, PROT_READ | PROT_EXEC);
		_exit(0);
	}
	wait(0);
	return n + 10 * !!(f() & TF) + 20 * !!(f() & TF);
}

/* Code of a file that is changed by pwrite. */
static int rewritten(void)
{
	int fd = memfd_create("code", 0);
	ftruncate(fd, 4096);
	pwrite(fd, one, sizeof one, 0);
	function *f = mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	int n = f() + f();
	pwrite(fd, r11, sizeof r11, 0);
	return n + 10 * !!(f() & TF) + 20 * !!(f() & TF);
}

/* Its memory is closed to a tracer without privileges, and it goes on. */
static int closes(int flags)
{
	prctl(PR_SET_DUMPABLE, 0);
	uint64_t r, was = 0;
	__asm__ volatile("syscall\n mov %%r11, %0" : "=r"(r) : "a"(39 /* getpid */) : "rcx", "r11", "memory");
	if (flags)
		__asm__ volatile("sub $128, %%rsp\n pushfq\n pop %0\n add $128, %%rsp" : "=r"(was) :: "memory", "cc");
	return 30 + !!(r & TF) + 2 * !!(was & TF);
}

/* What the processor runs in one step with mov ss, and a virtual machine perhaps
   with cpuid. */
static int held(void)
{
	uint64_t stored, r, answered;
	handle(SIGTRAP, look, 0);
	__asm__ volatile("mov %%ss, %%ecx\n sub $128, %%rsp\n mov %%ecx, %%ss\n pushfq\n pop %0\n add $128, %%rsp"
	                 : "=r"(stored) :: "rcx", "memory", "cc");
	__asm__ volatile("mov %%ss, %%ecx\n mov $39, %%eax\n mov %%ecx, %%ss\n syscall\n mov %%r11, %0"
	                 : "=r"(r) :: "rax", "rcx", "r11", "memory");
	__asm__ volatile("sub $128, %%rsp\n xor %%eax, %%eax\n cpuid\n pushfq\n pop %0\n add $128, %%rsp"
	                 : "=r"(answered) :: "rax", "rbx", "rcx", "rdx", "memory", "cc");
	for (int i = 0; i < 2; i++)
		__asm__ volatile("mov %%ss, %%ecx\n mov %%ecx, %%ss\n int3\n nop" ::: "rcx", "memory");
	int n = 40 + seen + 4 * !!(stored & TF) + 8 * !!(r & TF) + 16 * !!(answered & TF);
	__asm__ volatile("mov %%ss, %%ecx\n mov $231, %%eax\n mov %%ecx, %%ss\n syscall" :: "D"(n));
	return 99;
}

/*
 * With UMIP the kernel carries out sgdt and its kind, and goes on behind them: what
 * follows runs in the same step too.
 */
static int umip(void)
{
	uint64_t stored, r;
	char table[16];
	handle(SIGTRAP, look, 0);
	__asm__ volatile("sub $128, %%rsp\n sgdt %1\n pushfq\n pop %0\n add $128, %%rsp" : "=r"(stored), "=m"(table) :: "memory", "cc");
	__asm__ volatile("mov $39, %%eax\n smsw %%cx\n syscall\n mov %%r11, %0" : "=r"(r) :: "rax", "rcx", "r11", "memory");
	__asm__ volatile("sidt %0\n int3\n nop" : "=m"(table) :: "memory");
	int n = 40 + seen + 4 * !!(stored & TF) + 8 * !!(r & TF);
	__asm__ volatile("mov $231, %%eax\n sldt %%ecx\n str %%edx\n syscall" :: "D"(n) : "rcx", "rdx");
	return 99;
}

/* One instruction of code in a segment that begins where rip does not say. */
static int segment(void)
{
	static struct { uint32_t ip; uint16_t cs; } __attribute__((packed)) there = {0, 7};
	static uint64_t stack;
	char *low = mmap((void *)0x10000000, 8192, PROT_READ | PROT_WRITE | PROT_EXEC,
	                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	struct user_desc code = {.base_addr = 0x10000000, .limit = 1, .limit_in_pages = 1, .seg_32bit = 1,
	                         .contents = MODIFY_LDT_CONTENTS_CODE};
	*low = 0xcb; /* lret */
	low[8191] = 0; /* the page of the stack is there: an emulator's lcall may not bring it */
	if (syscall(SYS_modify_ldt, 1, &code, sizeof code))
		return 99;
	__asm__ volatile("mov %%rsp, %0\n mov %2, %%rsp\n lcall *%1\n mov %0, %%rsp"
	                 : "+m"(stack) : "m"(there), "r"(low + 8192) : "memory");
	return 30;
}

/* A popf from a stack that is not aligned, where alignment is checked. */
static sigjmp_buf before;

static void misaligned(int sig)
{
	(void)sig;
	siglongjmp(before, 1);
}

static int checked(void)
{
	static uint64_t stack[8192] __attribute__((aligned(16)));
	signal(SIGBUS, misaligned);
	if (sigsetjmp(before, 1) == 0)
		__asm__ volatile("pushfq\n orl $0x40000, (%%rsp)\n popfq\n mov %%rsp, %%rdx\n lea 1(%0), %%rsp\n popfq\n"
		                 "mov %%rdx, %%rsp" :: "r"(stack + 8000) : "rdx", "memory", "cc");
	else
		seen = 50;
	__asm__ volatile("sub $128, %%rsp\n pushfq\n andl $~0x40000, (%%rsp)\n popfq\n add $128, %%rsp" ::: "memory", "cc");
	return seen;
}

/* Code that a handler opens when it is first run, as packers do, begins with a popf. */
static void opens(int sig)
{
	(void)sig;
	seen++;
	mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static int packed(int wide)
{
	uint64_t carry = 0;
	page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(page, "\x66\x9d\xff\xe2", 4); /* popf; jmp *%rdx */
	signal(SIGSEGV, opens);
	if (wide)
		__asm__ volatile("sub $128, %%rsp\n stc\n pushfw\n clc\n lea 1f(%%rip), %%rdx\n jmp *%1\n"
		                 "1: setc %b0\n add $128, %%rsp" : "+r"(carry) : "r"(page) : "rdx", "memory", "cc");
	else
		__asm__ volatile("sub $128, %%rsp\n stc\n pushfq\n clc\n lea 1f(%%rip), %%rdx\n jmp *%1\n"
		                 "1: setc %b0\n add $128, %%rsp" : "+r"(carry) : "r"(page + 1) : "rdx", "memory", "cc");
	return 40 + (int)seen + 2 * (int)carry;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
#define IS(word) (strcmp(name, word) == 0)
	return IS("mask") ? mask() : IS("blocked") ? blocked() : IS("waits") ? waits()
	     : IS("returned") ? returned() : IS("iretq") ? iretq() : IS("branch") ? branch()
	     : IS("popf") ? popf(0) : IS("popf ID") ? popf(ID) : IS("popf faults") ? popf_faults()
	     : IS("edge") ? edge() : IS("prefixes") ? prefixes() : IS("dispatch") ? dispatch()
	     : IS("vforked") ? vforked() : IS("rewritten") ? rewritten()
	     : IS("held") ? held() : IS("umip") ? umip() : IS("segment") ? segment() : IS("checked") ? checked()
	     : IS("packed") ? packed(0) : IS("packed, wide") ? packed(1)
	     : IS("closes") ? closes(0) : IS("closes, flags") ? closes(1) : 99;
}
