; hello32: seven instructions for i386, two system calls through int 0x80.
;
; A tracer that steps from the exec stop to the end executes seven instructions:
; four fill registers, int 0x80 writes, one fills a register, int 0x80 exits.
; The text appears while the fifth instruction is stepped, not before and not
; after: the whole of write(2) happens inside that one step.
;
; The exit status is 1. EBX is the first argument of a system call; it holds file
; descriptor 1 for write, nothing clears it, and exit takes it as the status.
;
; int 0x80 takes its number in EAX and its arguments in EBX, ECX and EDX. The
; numbers are those of the i386 table: write is 4 and exit is 1.
;
; build: asm32

        global  _start

        section .text
_start: mov     ebx, 1                  ; file descriptor 1, standard output
        mov     edx, length             ; how many bytes
        mov     ecx, message            ; where they are
        mov     eax, 4                  ; write, in the i386 table
        int     0x80                    ; EAX comes back with the bytes written
        mov     eax, 1                  ; exit, in the i386 table
        int     0x80                    ; does not return; EBX is still 1

        section .data
message db      "Hello from the tracee", 10
length  equ     $ - message
