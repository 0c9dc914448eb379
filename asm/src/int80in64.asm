; int80in64: a 64-bit program that enters the kernel by the 32-bit door.
;
; int 0x80 means the i386 table, whoever executes it. A tracer that stops this
; program at its first system call reads 4 in ORIG_RAX. In the x86-64 table 4 is
; stat, but this is write: the number alone does not say which table it is from.
; The code segment does not help either, since CS says 64-bit code. What tells is
; the instruction (cd 80, not 0f 05), or PTRACE_GET_SYSCALL_INFO, whose arch is
; AUDIT_ARCH_I386 here.
;
; The kernel takes the lower 32 bits of each argument. The message therefore has
; to live below 4 GiB, and in a program with fixed low addresses it does.
;
; It writes one line and exits with status 0. On a kernel without IA32 emulation
; int 0x80 has no handler, and the program dies of SIGSEGV instead.
;
; build: asm64

        global  _start

        section .text
_start: mov     ebx, 1                  ; standard output
        mov     ecx, message
        mov     edx, length
        mov     eax, 4                  ; write in the i386 table
first:  int     0x80
        xor     ebx, ebx                ; status 0
        mov     eax, 1                  ; exit in the i386 table
second: int     0x80

        section .data
message db      "Hello through int 0x80", 10
length  equ     $ - message
