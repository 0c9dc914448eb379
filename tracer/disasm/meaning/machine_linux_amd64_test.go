package meaning_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"ptwalk/tracer"
	"ptwalk/tracer/x86"
)

// Where the parts of the target lie: one segment that may be read, written and
// executed.
const (
	segment = 0x400000
	codeAt  = 0x401000 // instructions, and nops around them
	dataAt  = 0x404000 // what memory operands address
	dataLen = 0x2000
	stackAt = dataAt + dataLen + 0x1000 // the stack pointer
	size    = 0xa000
)

// machine is a stopped program that executes one instruction at a time, of our
// choice, with registers and memory of our choice.
type machine struct {
	*tracer.Tracee
	arch tracer.Arch
	base tracer.Regs // of the first stop: the selectors are the kernel's choice
	was  []byte      // data and stack before the last step
	is   []byte      // and after it

	vectors   bool // whether vector registers are read, which takes its time
	wasX, isX []byte
	offsets   map[uint32]uint32
	steps     int
}

// newMachine starts the target. It is killed when the test ends.
func newMachine(t *testing.T, arch tracer.Arch) *machine {
	t.Helper()
	runtime.LockOSThread() // and not unlocked: the thread ends with the test
	path := filepath.Join(t.TempDir(), "target")
	if err := os.WriteFile(path, targetELF(arch), 0o700); err != nil {
		t.Fatal(err)
	}
	tracee, err := new(tracer.Tracer).Start(tracer.Command{Path: path, Argv: []string{"target"}})
	if err != nil {
		if arch == tracer.I386 {
			t.Skip("this kernel runs no 32-bit programs: ", err)
		}
		t.Fatal(err)
	}
	m := &machine{Tracee: tracee, arch: arch}
	t.Cleanup(func() {
		if !m.Over() {
			m.Kill()
			m.Wait()
		}
	})
	if _, err := m.Wait(); err != nil {
		t.Fatal(err)
	}
	if m.base, err = m.GetRegs(); err != nil {
		t.Fatal(err)
	}
	m.offsets = map[uint32]uint32{}
	for _, component := range []uint32{2, 6, 7} {
		m.offsets[component] = m.cpuid(t, 0xd, component).b
	}
	return m
}

// targetELF is the smallest program that the kernel loads.
func targetELF(arch tracer.Arch) []byte {
	var out bytes.Buffer
	fields := []any{
		[]byte{0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		uint16(2), uint16(62), uint32(1), // ET_EXEC, EM_X86_64
		uint64(codeAt), uint64(64), uint64(0), uint32(0),
		uint16(64), uint16(56), uint16(1), uint16(64), uint16(0), uint16(0),
		uint32(1), uint32(7), // PT_LOAD, rwx
		uint64(0), uint64(segment), uint64(segment), uint64(120), uint64(size), uint64(4096),
	}
	if arch == tracer.I386 {
		fields = []any{
			[]byte{0x7f, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0},
			uint16(2), uint16(3), uint32(1), // ET_EXEC, EM_386
			uint32(codeAt), uint32(52), uint32(0), uint32(0),
			uint16(52), uint16(32), uint16(1), uint16(40), uint16(0), uint16(0),
			uint32(1), uint32(0), uint32(segment), uint32(segment), uint32(84), uint32(size), uint32(7), uint32(4096),
		}
	}
	for _, field := range fields {
		binary.Write(&out, binary.LittleEndian, field)
	}
	return out.Bytes()
}

// step executes one instruction at regs.RIP and returns the registers after it.
// The code and the registers stand in the target before; memory is kept of before
// and after.
func (m *machine) step(t *testing.T, code []byte, regs tracer.Regs) (after tracer.Regs, stop tracer.Stop) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("% x: %v", code, err)
		}
	}
	m.steps++
	at := tracer.Addr(regs.RIP)
	_, err := m.WriteAt(slices.Concat(code, bytes.Repeat([]byte{0x90}, 32)), at)
	must(err)
	must(m.SetRegs(regs))
	m.was = m.memory(t)
	m.wasX = m.xstate()
	must(m.SingleStep(0))
	stop, err = m.Wait()
	must(err)
	if stop.Ended() {
		return regs, stop
	}
	after, err = m.GetRegs()
	must(err)
	m.is = m.memory(t)
	m.isX = m.xstate()
	if after.EFLAGS&x86.TF != 0 {
		m.settle(t)
	}
	return after, stop
}

// settle ends a step for the kernel: after a popf it shows its own trap flag with
// the program's in all steps that follow.
func (m *machine) settle(t *testing.T) {
	t.Helper()
	regs := m.base
	regs.RIP = codeAt
	if _, err := m.WriteAt([]byte{0xcc}, codeAt); err != nil {
		t.Fatal(err)
	}
	if err := m.SetRegs(regs); err != nil {
		t.Fatal(err)
	}
	if err := m.Cont(0); err != nil {
		t.Fatal(err)
	}
	if stop, err := m.Wait(); err != nil || stop.Ended() {
		t.Fatal(stop, err)
	}
}

func (m *machine) memory(t *testing.T) []byte {
	b := make([]byte, segment+size-dataAt)
	if n, err := m.ReadAt(b, dataAt); n != len(b) {
		t.Fatal(n, err)
	}
	return b
}

// seen is the memory that a checker may look at.
func (m *machine) seen(addr uint64, n int, after bool) ([]byte, bool) {
	b := m.was
	if after {
		b = m.is
	}
	if addr < dataAt || addr+uint64(n) > dataAt+uint64(len(b)) || addr+uint64(n) < addr {
		return nil, false
	}
	return b[addr-dataAt:][:n], true
}

// xstate reads the vector registers, in the layout of XSAVE: PTRACE_GETREGSET,
// NT_X86_XSTATE.
func (m *machine) xstate() []byte {
	const ntX86Xstate = 0x202
	if !m.vectors {
		return nil
	}
	buf := make([]byte, 8192)
	iov := unix.Iovec{Base: &buf[0]}
	iov.SetLen(len(buf))
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GETREGSET, uintptr(m.TID), ntX86Xstate, uintptr(unsafe.Pointer(&iov)), 0, 0)
	runtime.KeepAlive(buf)
	if errno != 0 {
		return nil
	}
	return buf[:iov.Len]
}

// vector puts a vector register together. It knows those that are in the state.
func (m *machine) vector(name string, after bool) ([]byte, bool) {
	x := m.wasX
	if after {
		x = m.isX
	}
	var bytes, number int
	for prefix, n := range map[string]int{"xmm": 16, "ymm": 32, "zmm": 64} {
		if len(name) > 3 && name[:3] == prefix {
			bytes = n
			for _, digit := range name[3:] {
				number = 10*number + int(digit-'0')
			}
		}
	}
	if bytes == 0 || len(x) < 576 {
		return nil, false
	}
	var out []byte
	take := func(component, at uint32, size int) {
		if end := int(at) + size; at > 0 && end <= len(x) && x[512]>>component&1 == 1 {
			out = append(out, x[at:end]...)
			return
		}
		out = append(out, make([]byte, size)...) // in its initial state
	}
	n := uint32(number)
	if number >= 16 {
		take(7, m.offsets[7]+64*(n-16), 64)
		return out[:bytes], true
	}
	take(1, 160+16*n, 16)
	take(2, m.offsets[2]+16*n, 16)
	take(6, m.offsets[6]+32*n, 32)
	return out[:bytes], true
}

type cpuid struct{ a, b, c, d uint32 }

// cpuid executes the instruction in the target.
func (m *machine) cpuid(t *testing.T, leaf, subleaf uint32) cpuid {
	t.Helper()
	regs := m.base
	regs.RIP, regs.RAX, regs.RCX = codeAt, tracer.Word(leaf), tracer.Word(subleaf)
	after, _ := m.step(t, []byte{0x0f, 0xa2}, regs)
	return cpuid{uint32(after.RAX), uint32(after.RBX), uint32(after.RCX), uint32(after.RDX)}
}
