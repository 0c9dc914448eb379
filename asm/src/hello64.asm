; hello64: seven instructions for x86-64, two system calls through syscall.
;
; It is hello32 in the 64-bit convention. A tracer that steps from the exec stop
; to the end executes seven instructions, and sees the text appear while the
; fifth of them, the first syscall, is stepped. That instruction also writes
; two registers that no line below names: RCX gets the address after syscall and
; R11 gets the flags.
;
; The exit status is 1. RDI is the first argument of a system call; it holds file
; descriptor 1 for write, the kernel keeps it, and exit takes it as the status.
;
; syscall takes its number in RAX and its arguments in RDI, RSI and RDX. The
; numbers are those of the x86-64 table: write is 1 and exit is 60. A write to
; a 32-bit register clears the upper half of the 64-bit one.
;
; build: asm64

        global  _start

        section .text
_start: mov     edi, 1                  ; file descriptor 1, standard output
        mov     edx, length             ; how many bytes
        mov     esi, message            ; where they are
        mov     eax, 1                  ; write, in the x86-64 table
        syscall                         ; RAX comes back with the bytes written
        mov     eax, 60                 ; exit, in the x86-64 table
        syscall                         ; does not return; RDI is still 1

        section .data
message db      "Hello from the tracee", 10
length  equ     $ - message
