/*
 * natively: programs in one file, each chosen by its name in argv[1]. Each tells by
 * its exit status, or by its death, what it has seen. Counted and untraced they
 * have to end alike.
 */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t seen, code;
static sigjmp_buf back;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	seen++;
	code = info->si_code;
}

static void jump(int sig)
{
	(void)sig;
	siglongjmp(back, 1);
}

static void handle(int sig, void (*h)(int, siginfo_t *, void *), int flags)
{
	struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO | flags};
	sigaction(sig, &a, 0);
}

/* The child's end, as a status of ours: its exit status, or 100 and its signal. */
static int of_child(pid_t pid)
{
	int status;
	if (pid < 0 || waitpid(pid, &status, __WALL) != pid)
		return 99;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

static int in_child(void *unused)
{
	(void)unused;
	_exit(7);
}

static int with_clone(void)
{
	static char stack[16384];
	return of_child(clone(in_child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, 0));
}

static int with_clone3(void)
{
	struct clone_args args = {.exit_signal = SIGCHLD};
	pid_t pid = syscall(SYS_clone3, &args, sizeof args);
	if (pid == 0)
		_exit(8);
	return of_child(pid);
}

static int with_vfork(void)
{
	pid_t pid = vfork();
	if (pid == 0) {
		execl("/proc/self/exe", "natively", "leaf", (char *)0);
		_exit(98);
	}
	return of_child(pid);
}

/* rt_sigreturn from a handler on a stack of its own, and a jump out of one. */
static int out_of_handlers(void)
{
	static char other[65536];
	stack_t stack = {.ss_sp = other, .ss_size = sizeof other};
	sigaltstack(&stack, 0);
	handle(SIGUSR1, handler, SA_ONSTACK);
	raise(SIGUSR1);
	raise(SIGUSR1);
	signal(SIGUSR2, jump);
	for (volatile int i = 0; i < 3; i++)
		if (sigsetjmp(back, 1) == 0)
			raise(SIGUSR2);
		else
			seen++;
	return seen;
}

static int filtered(unsigned action)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {4, program};
	handle(SIGSYS, handler, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		return 97;
	long r = syscall(SYS_getppid);
	return (r == -1 ? 20 : 10) + seen;
}

static int strict(void)
{
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	syscall(SYS_getppid);
	return 96;
}

/* A program that debugs itself: it sets the trap flag, and runs three nops. */
static int own_trap_flag(void)
{
	handle(SIGTRAP, handler, 0);
	__asm__ volatile("sub $128, %%rsp; pushfq; orq $0x100, (%%rsp); popfq; nop; nop; nop;"
	                 "pushfq; andq $~0x100, (%%rsp); popfq; add $128, %%rsp" ::: "memory", "cc");
	return seen * 10 + code;
}

static int vsyscall(void)
{
	time_t (*time_at)(time_t *) = (time_t (*)(time_t *))0xffffffffff600400;
	return time_at(0) > 1000000000 ? 5 : 6;
}

/* What the program is told of the SIGTRAP that it blocks, and that it handles. */
static int disposition(void)
{
	struct sigaction a;
	sigset_t set, old;
	handle(SIGTRAP, handler, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGTRAP);
	sigprocmask(SIG_BLOCK, &set, 0);
	sigaction(SIGTRAP, 0, &a);
	int n = a.sa_sigaction == handler;
	sigprocmask(SIG_UNBLOCK, &set, &old);
	n = 2 * n + sigismember(&old, SIGTRAP);
	sigprocmask(SIG_UNBLOCK, &set, &old);
	n = 2 * n + sigismember(&old, SIGTRAP);
	raise(SIGTRAP);
	return 10 * n + seen;
}

/* A timer of 2 kHz, until its handler has run 200 times. */
static int storm(void)
{
	struct itimerval each = {{0, 500}, {0, 500}};
	handle(SIGALRM, handler, SA_RESTART);
	setitimer(ITIMER_REAL, &each, 0);
	while (seen < 200)
		;
	return 12;
}

static int cpus(void *status)
{
	cpu_set_t set;
	sched_getaffinity(0, sizeof set, &set);
	*(int *)status = CPU_COUNT(&set);
	return 0;
}

/*
 * How many CPUs a thread and a child may use. CLONE_VFORK waits for the end of the
 * thread: pthread_join runs more code where the thread takes longer.
 */
static int affinity(void)
{
	static char stack[16384];
	int own, threads = 0, child;
	cpus(&own);
	clone(cpus, stack + sizeof stack, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_VFORK, &threads);
	pid_t pid = fork();
	if (pid == 0) {
		cpus(&child);
		_exit(child);
	}
	child = of_child(pid);
	return own == threads && own == child ? own : 95;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
#define IS(word) (strcmp(name, word) == 0)
	if (IS("leaf"))
		return 9;
	if (IS("ud2"))
		__asm__ volatile("ud2");
	if (IS("hlt"))
		__asm__ volatile("hlt");
	if (IS("cli"))
		__asm__ volatile("cli");
	if (IS("divide"))
		__asm__ volatile("xor %%ecx, %%ecx; div %%ecx" ::: "eax", "ecx", "edx");
	if (IS("sysenter"))
		__asm__ volatile("sysenter" ::: "memory");
	if (IS("clone"))
		return with_clone();
	if (IS("clone3"))
		return with_clone3();
	if (IS("vfork"))
		return with_vfork();
	if (IS("handlers"))
		return out_of_handlers();
	if (IS("errno"))
		return filtered(SECCOMP_RET_ERRNO | 1);
	if (IS("trap"))
		return filtered(SECCOMP_RET_TRAP);
	if (IS("kill"))
		return filtered(SECCOMP_RET_KILL_PROCESS);
	if (IS("trace"))
		return filtered(SECCOMP_RET_TRACE);
	if (IS("strict"))
		return strict();
	if (IS("flag"))
		return own_trap_flag();
	if (IS("vsyscall"))
		return vsyscall();
	if (IS("disposition"))
		return disposition();
	if (IS("storm"))
		return storm();
	if (IS("deathsig")) {
		int sig = 77;
		prctl(PR_GET_PDEATHSIG, &sig);
		return sig;
	}
	if (IS("affinity"))
		return affinity();
	return 94;
}
