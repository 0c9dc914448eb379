/*
 * step: the tutorials' counter. It runs a program, steps it to its end and prints
 * the steps and the seconds. With -p it and the program stay on one CPU, and with
 * -pr it reads rip at each stop too, as a counter does that has to know the
 * instruction. With -pc it lets the program run from int3 to int3 instead, and does
 * there what no engine can do without: it reads rip and the flags, and sets rip.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int reads = argc > 1 && strcmp(argv[1], "-pr") == 0;
	int runs = argc > 1 && strcmp(argv[1], "-pc") == 0;
	int pinned = reads || runs || argc > 1 && strcmp(argv[1], "-p") == 0, status;
	long steps = 0;
	struct timespec begin, end;
	struct user_regs_struct regs;

	argv += 1 + pinned;
	if (pinned) {
		cpu_set_t set;
		CPU_ZERO(&set);
		CPU_SET(sched_getcpu(), &set);
		sched_setaffinity(0, sizeof set, &set);
	}
	clock_gettime(CLOCK_MONOTONIC, &begin);
	pid_t child = fork();
	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execv(argv[0], argv);
		_exit(127);
	}
	while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
		steps++;
		if (reads)
			ptrace(PTRACE_PEEKUSER, child, offsetof(struct user, regs.rip), NULL);
		if (runs) {
			ptrace(PTRACE_GETREGS, child, NULL, &regs);
			ptrace(PTRACE_POKEUSER, child, offsetof(struct user, regs.rip), regs.rip);
		}
		ptrace(runs ? PTRACE_CONT : PTRACE_SINGLESTEP, child, NULL, NULL);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	fprintf(stderr, "%ld %.6f\n", steps, (end.tv_sec - begin.tv_sec) + (end.tv_nsec - begin.tv_nsec) / 1e9);
	return 0;
}
