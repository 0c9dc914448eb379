/* untraced: two children, one of them by clone(2) with CLONE_UNTRACED. */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int status, sum = 0;
	for (int n = 0; n < 2; n++) {
		if (syscall(SYS_clone, SIGCHLD | (n ? CLONE_UNTRACED : 0), 0, 0, 0, 0) == 0)
			_exit(3 + n);
		wait(&status);
		sum += WEXITSTATUS(status);
	}
	return sum;
}
