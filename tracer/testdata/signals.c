/*
 * signals: meets a signal in the way that its first argument names, and exits with 5
 * if all went as it should.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

volatile int ready; /* 1 where the program waits for a signal of the tracer */

static void handler(int sig) { (void)sig; }

/* waits takes a blocked SIGUSR1 without a delivery: by sigwait or from a descriptor. */
static int waits(int by_descriptor)
{
	struct signalfd_siginfo info;
	sigset_t set;
	int sig = 0;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGUSR1);
	if (!by_descriptor)
		return sigwait(&set, &sig) == 0 && sig == SIGUSR1 ? 5 : 1;
	return read(signalfd(-1, &set, 0), &info, sizeof info) == sizeof info && info.ssi_signo == SIGUSR1 ? 5 : 1;
}

/* sleeps is interrupted by a handler with SA_RESTART. */
static int sleeps(void)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	struct timespec minute = {60, 0};

	sigaction(SIGUSR1, &action, NULL);
	ready = 1;
	return nanosleep(&minute, NULL) == -1 && errno == EINTR ? 5 : 1;
}

static char storage[64] __attribute__((aligned(16)));

int main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "";

	if (strcmp(way, "sigwait") == 0)
		return waits(0);
	if (strcmp(way, "signalfd") == 0)
		return waits(1);
	if (strcmp(way, "ignored") == 0) {
		signal(SIGUSR1, SIG_IGN);
		kill(getpid(), SIGUSR1);
		return 5;
	}
	if (strcmp(way, "sleeps") == 0)
		return sleeps();
	if (strcmp(way, "misaligned") == 0)
		__asm__ volatile("movaps %%xmm0, (%0)" : : "r"(storage + 1) : "memory");
	if (strcmp(way, "traps") == 0)
		kill(getpid(), SIGTRAP);
	return 1;
}
