package trapflag

import "ptwalk/tracer"

// Frame is where the kernel has saved what a handler interrupts: the flags and the
// mask of blocked signals.
type Frame struct {
	t           *tracer.Tracee
	flags, mask tracer.Addr
}

// layout has the offsets in a frame, from the stack pointer at the handler's entry.
type layout struct{ flags, mask tracer.Addr }

// The frames of struct rt_sigframe, and for 32-bit code of struct rt_sigframe_ia32
// and, without SA_SIGINFO, struct sigframe_ia32: arch/x86/include/asm/sigframe.h.
var (
	layout64   = layout{8 + 40 + 17*8, 8 + 40 + 256}
	layout32   = layout{164 + 16*4, 164 + 88}
	layoutOf32 = layout{8 + 16*4, 8 + 20*4}
)

// FrameAt is the frame of a handler at its entry, where the stack pointer is sp.
func FrameAt(t *tracer.Tracee, sp tracer.Addr, arch tracer.Arch) Frame {
	l := layout64
	if arch == tracer.I386 {
		sp, l = sp&0xffffffff, layoutOf32
		if args, err := t.PeekData(sp + 8); err == nil && args == tracer.Word(sp+16)|tracer.Word(sp+144)<<32 {
			l = layout32 // its arguments are where siginfo and the context are
		}
	}
	return Frame{t, sp + l.flags, sp + l.mask}
}

// ClearFlag clears the trap flag in the saved flags. At an instruction that loads the
// flags the kernel takes that of a step for the program's, and saves it.
func (f Frame) ClearFlag() { Clear(f.t, f.flags) }

// Block adds SIGTRAP to the saved mask, for sigreturn.
func (f Frame) Block() {
	ChangeByte(f.t, f.mask, func(b byte) byte { return b | 1<<(tracer.SIGTRAP-1) })
}
