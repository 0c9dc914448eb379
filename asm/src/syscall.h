/*
 * syscall.h: what a C program needs when it has no libc.
 *
 * The entry point, one function that makes a system call, and the few numbers
 * that the programs beside this file use. All of it is x86-64.
 */
#ifndef SYSCALL_H
#define SYSCALL_H

#define NULL ((void *)0)

/* System call numbers of the x86-64 table. */
#define SYS_read           0
#define SYS_write          1
#define SYS_open           2
#define SYS_mmap           9
#define SYS_mprotect       10
#define SYS_munmap         11
#define SYS_rt_sigaction   13
#define SYS_rt_sigprocmask 14
#define SYS_rt_sigreturn   15
#define SYS_pipe           22
#define SYS_pause          34
#define SYS_nanosleep      35
#define SYS_getpid         39
#define SYS_clone          56
#define SYS_fork           57
#define SYS_vfork          58
#define SYS_execve         59
#define SYS_exit           60
#define SYS_wait4          61
#define SYS_kill           62
#define SYS_ptrace         101
#define SYS_getppid        110
#define SYS_setgroups      116
#define SYS_setresuid      117
#define SYS_setresgid      119
#define SYS_capset         126
#define SYS_prctl          157
#define SYS_futex          202
#define SYS_rseq           334

/* Requests of ptrace(2). */
#define PTRACE_TRACEME 0
#define PTRACE_SEIZE   0x4206

/* What mmap is asked for. */
#define PROT_NONE     0
#define PROT_READ     1
#define PROT_WRITE    2
#define MAP_SHARED    1
#define MAP_PRIVATE   2
#define MAP_FIXED     16
#define MAP_ANONYMOUS 32

/* Signals, and a set of them: signal n is bit n-1. */
#define SIGTRAP 5
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSTOP 19
#define SIGBIT(n) (1UL << ((n) - 1))
#define SIG_BLOCK 0

/*
 * call makes system call nr. The result is what the kernel puts into RAX: a value,
 * or a negative errno. The syscall instruction itself overwrites RCX and R11.
 */
static inline long call(long nr, long a, long b, long c, long d)
{
	register long fourth __asm__("r10") = d;
	long result;

	__asm__ volatile("syscall"
	                 : "=a"(result)
	                 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(fourth)
	                 : "rcx", "r11", "memory");
	return result;
}

/* call6 is call for the few that have six arguments. */
static inline long call6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long fourth __asm__("r10") = d, fifth __asm__("r8") = e, sixth __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
	                 : "=a"(result)
	                 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
	                 : "rcx", "r11", "memory");
	return result;
}

/* What clone is asked for, so that the new thread is one of this process. */
#define CLONE_THREAD_OF_OURS 0x50f00 /* VM, FS, FILES, SIGHAND, THREAD, SYSVSEM */
#define CLONE_CHILD_CLEARTID 0x200000

/*
 * thread begins a thread on a stack of its own; the stack grows down from its end,
 * a multiple of 16. The thread calls body, which must not return. With a word, the
 * kernel sets that to 0 when the thread is over, and wakes who waits there.
 */
static inline long thread(void (*body)(void), void *end, int *word)
{
	register int *there __asm__("r10") = word;
	long result;

	__asm__ volatile("syscall\n"
	                 "	testl %%eax, %%eax\n"
	                 "	jnz 1f\n"
	                 "	call *%[body]\n"
	                 "1:"
	                 : "=a"(result)
	                 : "a"(SYS_clone), "D"(CLONE_THREAD_OF_OURS | (word ? CLONE_CHILD_CLEARTID : 0)),
	                   "S"(end), "d"(NULL), "r"(there), [body] "r"(body)
	                 : "rcx", "r11", "memory");
	return result;
}

int main(int argc, char **argv);

/*
 * The kernel enters a program with the stack pointer at argc; argv follows it.
 * _start hands both to main, and gives what main returns to exit (60).
 */
__asm__(".text\n"
        ".globl _start\n"
        ".type _start, @function\n"
        "_start:\n"
        "	xorl %ebp, %ebp\n"
        "	movq (%rsp), %rdi\n"
        "	leaq 8(%rsp), %rsi\n"
        "	call main\n"
        "	movl %eax, %edi\n"
        "	movl $60, %eax\n"
        "	syscall\n"
        ".size _start, . - _start\n");

#endif
