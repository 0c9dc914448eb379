/*
 * ledger: one number, and the ways in which it is read and written.
 *
 * Each way is a function of its own, so that a tracer can tell by the place of a
 * stop who it was. `audit` reads. `correct` writes the number that is there
 * already. `transfer` writes nothing itself: it asks the kernel to, by a read from a
 * pipe. `idle` leaves it alone for a while. The exit status is the number.
 *
 * build: freestanding
 */
#include "syscall.h"

#define way __attribute__((noinline)) static void

volatile long balance;
volatile long seen;

way opening(void)  { balance = 100; }
way deposit(void)  { balance += 20; }
way audit(void)    { seen = balance; }
way correct(void)  { balance = 120; }
way withdraw(void) { balance -= 5; }

way transfer(void)
{
	const long amount = 7;
	int ends[2];

	call(SYS_pipe, (long)ends, 0, 0, 0);
	call(SYS_write, ends[1], (long)&amount, sizeof amount, 0);
	call(SYS_read, ends[0], (long)&balance, sizeof balance, 0);
}

way idle(void)
{
	for (int i = 0; i < 3000; i++)
		__asm__ volatile("");
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	opening();
	deposit();
	audit();
	correct();
	transfer();
	idle();
	withdraw();
	return (int)balance;
}
