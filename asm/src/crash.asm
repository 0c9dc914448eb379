; crash: writes to address 0 and dies of SIGSEGV.
;
; A tracer sees a signal-delivery-stop with SIGSEGV before the program dies. RIP
; is the address of `fault`, for the instruction did not complete. The siginfo says
; si_code 1 (SEGV_MAPERR: nothing is mapped there) and si_addr 0.
;
; Pass the signal on, and the program is killed by SIGSEGV, as it would be without
; a tracer. Swallow it, and the same instruction faults again, with no end.
; Put a good address into RAX, swallow the signal once, and the program
; exits with status 0.
;
; build: asm64

        global  _start

        section .text
_start: xor     eax, eax                ; RAX is 0, an address that nobody owns
fault:  mov     byte [rax], 1           ; the page fault
        mov     eax, 60                 ; reached if a tracer mends RAX
        xor     edi, edi
        syscall

        section .bss
spare:  resb    8                       ; a good address for RAX
