/* million runs 200,000 rounds of five instructions, without a library. */
void _start(void)
{
	__asm__ volatile("	mov	$200000, %ecx\n"
			 "1:	imul	%ecx, %eax\n"
			 "	add	%eax, %ebx\n"
			 "	rol	$5, %ebx\n"
			 "	sub	$1, %ecx\n"
			 "	jnz	1b\n"
			 "	mov	$60, %eax\n"
			 "	xor	%edi, %edi\n"
			 "	syscall\n");
}
