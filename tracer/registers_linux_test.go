package tracer_test

import (
	"syscall"
	"testing"

	"ptwalk/asm"
	. "ptwalk/tracer"
	"ptwalk/tracer/user"
)

func TestI386TraceeReadsElevenAndSixtyEightBytes(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello32)
		nr, err := c.PeekUser(user.OrigRAX)
		must(t, err)
		if nr != 11 {
			t.Errorf("orig_rax %v, want 11, execve of i386", nr)
		}
		regs, err := c.GetRegs()
		must(t, err)
		if regs.Arch() != I386 || len(regs.All()) != 17 {
			t.Errorf("arch %s with %d registers, want i386 with 17", regs.Arch(), len(regs.All()))
		}
		n, err := c.GetRegSet(PRStatus, make([]byte, 512))
		must(t, err)
		if n != 68 {
			t.Errorf("PTRACE_GETREGSET filled %d bytes, want 68", n)
		}
	})
}

func TestF09MisalignedOffset(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		for _, offset := range []uint64{60, 121, user.Size, 1 << 40} {
			_, err := c.PeekUser(offset)
			wantErrno(t, err, syscall.EIO)
		}
		_, err := c.PeekUser(user.Size - 8)
		must(t, err)
	})
}

func TestPokeUserWritesARegister(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		must(t, c.PokeUser(user.R15, 0x123456789))
		regs, err := c.GetRegs()
		must(t, err)
		if regs.R15 != 0x123456789 {
			t.Errorf("r15 %v", regs.R15)
		}
		regs.R14 = 77
		must(t, c.SetRegs(regs))
		w, err := c.PeekUser(user.R14)
		must(t, err)
		if w != 77 {
			t.Errorf("r14 %v, want 77", w)
		}
	})
}
