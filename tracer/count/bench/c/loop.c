/* loop: a tight loop, without a C library. */
void _start(void)
{
	__asm__ volatile("mov $20000, %ecx\n"
	                 "1: dec %ecx\n"
	                 "jnz 1b\n"
	                 "xor %edi, %edi\n"
	                 "mov $60, %eax\n"
	                 "syscall");
}
