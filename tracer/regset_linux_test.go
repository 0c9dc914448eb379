package tracer_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"syscall"
	"testing"
	"unsafe"

	"ptwalk/asm"
	. "ptwalk/tracer"
)

// How large each set is, by the tracee's own architecture; 0 where the processor
// decides, and an errno where there is none.
func TestRegSets(t *testing.T) {
	for _, tt := range []struct {
		target asm.Target
		set    Set
		bytes  int
		errno  syscall.Errno
	}{
		{asm.Hello64, PRStatus, 216, 0},
		{asm.Hello64, PRFPReg, 512, 0},
		{asm.Hello64, XState, 0, 0},
		{asm.Hello64, 0x777, 0, syscall.EINVAL},
		{asm.Hello32, PRStatus, 68, 0},
		{asm.Hello32, XState, 0, 0},
	} {
		t.Run(fmt.Sprint(tt.target.Name, " ", tt.set), func(t *testing.T) {
			onThread(t, func(tr *Tracer) {
				c := start(t, tr, tt.target)
				buf := make([]byte, 16384)
				n, err := c.GetRegSet(tt.set, buf)
				if tt.errno != 0 {
					wantErrno(t, err, tt.errno)
					return
				}
				must(t, err)
				if tt.bytes != 0 && n != tt.bytes || n < 68 || n == len(buf) {
					t.Errorf("%v filled %d bytes, want %d", tt.set, n, tt.bytes)
				}
				if took, err := c.SetRegSet(tt.set, buf[:n]); took != n || err != nil {
					t.Errorf("written back it took %d bytes of %d, %v", took, n, err)
				}
				_, err = c.GetRegSet(tt.set, buf[:7])
				wantErrno(t, err, syscall.EINVAL)
			})
		})
	}
}

// One register, written by one way and read by another.
func TestFPRegsAreInTheSets(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		regs, err := c.GetFPRegs()
		must(t, err)
		copy(regs.XMM[3][:], "sixteen bytes of")
		must(t, c.SetFPRegs(regs))
		at := int(unsafe.Offsetof(regs.XMM)) + 3*16
		for _, set := range []Set{PRFPReg, XState} {
			buf := make([]byte, 16384)
			n, err := c.GetRegSet(set, buf)
			must(t, err)
			if !bytes.Equal(buf[at:at+16], regs.XMM[3][:]) {
				t.Errorf("%v has %q at xmm3", set, buf[at:at+16])
			}
			copy(buf[at:], set.String())
			_, err = c.SetRegSet(set, buf[:n])
			must(t, err)
			if regs, err = c.GetFPRegs(); err != nil || !bytes.HasPrefix(regs.XMM[3][:], []byte(set.String())) {
				t.Errorf("written by %v, xmm3 is %q, %v", set, regs.XMM[3], err)
			}
		}
		regs.MXCSR = ^uint32(0)
		wantErrno(t, c.SetFPRegs(regs), syscall.EINVAL)
		_, err = c.GetFPXRegs()
		wantErrno(t, err, syscall.EIO)
		wantErrno(t, c.SetFPXRegs(regs), syscall.EIO)
	})
}

// Where thread-local storage is: of 64-bit code in fs_base, of 32-bit code in a
// descriptor.
func TestThreadLocalStorage(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		for set, get := range map[ArchCode]ArchCode{ArchSetFS: ArchGetFS, ArchSetGS: ArchGetGS} {
			const base = Word(0x7000_1000)
			_, err := c.ArchPrctl(set, base)
			must(t, err)
			if got, err := c.ArchPrctl(get, 0); got != base || err != nil {
				t.Errorf("%v after %v: %v, %v", get, set, got, err)
			}
			_, err = c.ArchPrctl(set, 1<<63)
			wantErrno(t, err, syscall.EPERM)
		}
		regs, err := c.GetRegs()
		must(t, err)
		if regs.FSBase != 0x7000_1000 {
			t.Errorf("fs_base is %v", regs.FSBase)
		}
		_, err = c.ArchPrctl(0x777, 0)
		wantErrno(t, err, syscall.EINVAL)
		for index, errno := range map[uint32]syscall.Errno{11: syscall.EINVAL, 15: syscall.EINVAL, ^uint32(0): syscall.EIO} {
			_, err := c.GetThreadArea(index)
			wantErrno(t, err, errno)
		}
	})
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello32)
		desc := UserDesc{EntryNumber: 12, BaseAddr: 0x5000, Limit: 0xfffff, Flags: Seg32Bit | LimitInPages | Useable}
		must(t, c.SetThreadArea(12, desc))
		if got, err := c.GetThreadArea(12); got != desc || err != nil {
			t.Errorf("entry 12 is %+v, %v; want %+v", got, err, desc)
		}
	})
}

// A watch of a word stops after the write, and DR6 says which.
func TestDebugRegisters(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := ticking(t, tr)
		counter := symbol(t, asm.Ticker, "counter")
		_, err := tr.Seize(c.TID, 0)
		must(t, err)
		must(t, c.Interrupt())
		wait(t, c)
		must(t, c.PokeDebugReg(0, Word(counter)))
		must(t, c.PokeDebugReg(7, Word(DR7(0).With(0, Watch{true, OnWrite, 8}))))
		before, err := c.PeekData(counter)
		must(t, err)
		must(t, c.Cont(0))
		stop := wait(t, c)
		info, err := c.SigInfo()
		must(t, err)
		status, err := c.PeekDebugReg(6)
		must(t, err)
		after, err := c.PeekData(counter)
		must(t, err)
		if stop.Signal != SIGTRAP || info.Code != 4 || !DR6(status).Hit(0) || DR6(status).Hit(1) || after == before {
			t.Errorf("%s, si_code %d, DR6 %v, counter %v and then %v", stop.Said(), info.Code, status.Hex(), before, after)
		}
		wantErrno(t, c.PokeDebugReg(7, Word(DR7(0).With(0, Watch{true, OnIO, 8}))), syscall.EINVAL)
		wantErrno(t, c.PokeDebugReg(4, 1), syscall.EIO)
	})
}

// symbol is an address of a target.
func symbol(t *testing.T, target asm.Target, name string) Addr {
	t.Helper()
	file, err := target.ELF()
	must(t, err)
	symbols, err := file.Symbols()
	must(t, err)
	for _, s := range symbols {
		if s.Name == name {
			return Addr(s.Value)
		}
	}
	fatalf(t, "%s has no %s", target.Name, name)
	return 0
}

// The same bytes by words, by both names, and by the file; which may write code.
func TestMemFile(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		word, err := c.PeekData(entry())
		must(t, err)
		if text, err := c.PeekText(entry()); text != word || err != nil {
			t.Errorf("PEEKTEXT reads %v, %v; PEEKDATA %v", text, err, word)
		}
		mem, err := c.OpenMem()
		must(t, err)
		buf := make([]byte, 8)
		n, err := mem.ReadAt(buf, entry())
		if n != 8 || err != nil || Word(binary.LittleEndian.Uint64(buf)) != word {
			t.Errorf("the file has %x, %v; PEEKDATA %v", buf[:n], err, word.Hex())
		}
		n, err = mem.WriteAt([]byte{0xcc}, entry())
		if got, errPeek := c.PeekData(entry()); n != 1 || err != nil || errPeek != nil || got != word&^0xff|0xcc {
			t.Errorf("after a write of 0xcc to code, %v: %v", err, got.Hex())
		}
		_, err = mem.ReadAt(buf, 0)
		wantErrno(t, err, syscall.EIO)
		must(t, c.Kill())
		wait(t, c)
		if n, err := mem.ReadAt(buf, entry()); n != 0 || err != nil {
			t.Errorf("of a program that has ended: %d bytes, %v; want none", n, err)
		}
		must(t, mem.Close())
		_, err = c.OpenMem()
		wantErrno(t, err, syscall.ENOENT)
	})
}
