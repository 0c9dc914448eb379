; repss: the two places where single steps and instructions differ in number.
;
; `rep_ten` is one instruction that stores ten bytes. A tracer that steps it gets
; ten stops, one for each byte. RIP stays at `rep_ten` for nine of them while RCX
; counts down and RDI counts up, and moves on with the tenth.
;
; `rep_zero` is the same instruction with RCX 0. It stores nothing and takes one
; stop.
;
; `mov_ss` loads the stack segment register. The processor holds back the
; single-step trap for one instruction after it, so that a program may load SS and RSP
; as a pair. One step executes `mov_ss` and `shadow` together: the tracer
; never sees a stop with RIP at `shadow`, and the next stop is at `after`.
;
; The program writes nothing and exits with status 0.
;
; build: asm64

        global  _start

        section .text
_start: mov     edi, buffer             ; where stosb stores
        mov     eax, 'x'                ; AL is what it stores
        mov     ecx, 10                 ; how many times
rep_ten:
        rep stosb
        mov     ecx, 0
rep_zero:
        rep stosb
        mov     ax, ss                  ; the selector that SS has already
mov_ss: mov     ss, ax                  ; nothing changes, and yet it shields
shadow: mov     ebx, 1                  ; this one: executed, but never a stop
after:  mov     eax, 60                 ; exit
        xor     edi, edi
        syscall

        section .bss
buffer: resb    16
