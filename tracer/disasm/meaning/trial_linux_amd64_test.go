package meaning_test

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"

	"ptwalk/tracer"
)

// A form is an instruction with all its operands and sizes.
type form struct {
	name   string
	op8    []byte // the opcode for 8 bits
	op     []byte // and for all others
	digit  int    // of modrm; takesReg if that is an operand
	sizes  []int
	only   string // "register" or "memory" where the form has one of them only
	imm    func(size int) int
	prefix byte // mandatory

	fixed bool  // the size is not told by prefixes
	avoid []int // registers that are not operands
	inReg bool  // the register is in the opcode
	align bool  // memory is aligned
	stack bool  // the stack pointer has to be one
	setup func(*trial)

	long    bool   // 64-bit code alone
	old     bool   // 32-bit code alone
	general bool   // the general sentence is right, at times or always
	want    string // how the sentence has to begin
	vector  *vectorForm
}

// A vectorForm is what VEX and EVEX add.
type vectorForm struct {
	vex       byte
	table, pp byte
	wide      bool
	length    int
	sources   int // 1: vvvv is a general register
	mask      bool
}

const takesReg = -1

// trial is one instruction with its registers and memory before the step.
type trial struct {
	*rand.Rand
	m      *machine
	f      form
	size   int
	e      encoding
	regs   [16]uint64
	eflags uint64
	fs, gs uint64 // their bases
	edit   func(*tracer.Regs)
	ea     uint64
	rip    uint64
	data   map[uint64][]byte
}

// edges are the values at which arithmetic goes wrong.
func (t *trial) edge(size int) uint64 {
	limit := uint64(1) << (size - 1)
	switch t.IntN(10) {
	case 0:
		return 0
	case 1:
		return ^uint64(0)
	case 2:
		return limit // the smallest with a sign
	case 3:
		return limit - 1
	case 4:
		return 1
	case 5:
		return uint64(-int64(t.IntN(12000)))
	case 6, 7:
		return uint64(t.IntN(12000))
	case 8:
		return uint64(1) << t.IntN(64)
	}
	return t.Uint64()
}

// registers is how many there are.
func (t *trial) registers() int {
	if t.m.arch == tracer.I386 {
		return 8
	}
	return 16
}

func (t *trial) fill(size int) {
	for n := range t.regs {
		t.regs[n] = t.edge(size)
		if t.IntN(3) == 0 {
			t.regs[n] |= t.Uint64() << 32 // an upper half that a write of 32 bits clears
		}
	}
	t.regs[4] = stackAt
	const status = 0x8d5
	t.eflags = 0x202 | t.Uint64()&status
	t.data = map[uint64][]byte{}
}

// choose takes a general register that is free, or for 8 bits one of ah to bh,
// whose numbers are 20 to 23.
func (t *trial) choose(size int, high bool) int {
	for {
		n := t.IntN(t.registers())
		if size == 8 && high && t.IntN(4) == 0 {
			n = 20 + t.IntN(4)
		}
		if size == 8 && t.m.arch == tracer.I386 && n < 8 && n >= 4 {
			n += 16 // 4 to 7 are ah to bh there
		}
		whole := n
		if n >= 20 {
			whole = n - 20
		}
		if !slices.Contains(t.f.avoid, whole) && whole != 4 {
			return n
		}
	}
}

// encoded is the number in modrm.
func (t *trial) encoded(n int) int {
	if n >= 20 {
		t.e.high = true
		return n - 16
	}
	return n
}

// shapes are the kinds of memory operands.
var shapes64 = []string{"base", "base8", "base32", "index", "indexOnly", "rip", "absolute", "fs", "gs", "narrow", "narrowIndex"}
var shapes32 = []string{"base", "base8", "base32", "index", "indexOnly", "absolute", "ss"}

// address makes a memory operand for t.ea and sets the registers that it needs.
func (t *trial) address(shape string, low bool) *address {
	a := &address{base: -1, index: -1}
	pick := func(not ...int) int {
		for {
			n := t.IntN(t.registers())
			if (!low || n < 8) && !slices.Contains(not, n) && !slices.Contains(t.f.avoid, n) && (n != 4 || !t.f.stack) {
				return n
			}
		}
	}
	bits := 64
	if t.m.arch == tracer.I386 {
		bits = 32
	}
	target := t.ea
	switch shape {
	case "fs":
		a.segment, t.fs = 0x64, uint64(t.IntN(0x400000))
		target -= t.fs
	case "gs":
		a.segment, t.gs = 0x65, uint64(t.IntN(0x400000))
		target -= t.gs
	case "ss":
		a.segment = 0x36
	case "rip":
		a.relative = true
		return a
	}
	if strings.HasPrefix(shape, "narrow") {
		a.narrow, bits = true, 32
	}
	switch {
	case shape == "absolute", shape == "gs" && t.IntN(2) == 0:
		a.disp = int32(target)
		return a
	case shape == "indexOnly":
		a.index = pick(4)
		a.scale = uint(t.IntN(4))
		by := int64(t.IntN(0x2000) - 0x1000)
		t.regs[a.index] = uint64(by)
		a.disp = int32(int64(target) - by<<a.scale)
		return a
	}
	a.base = pick()
	switch shape {
	case "base8":
		a.disp, a.dispSize = int32(int8(t.Uint32())), 1
	case "base32", "fs":
		a.disp, a.dispSize = int32(t.Uint32()), 4
	case "index", "narrowIndex":
		a.index, a.scale = pick(4, a.base), uint(t.IntN(4))
		a.disp, a.dispSize = int32(int8(t.Uint32())), 1
		t.regs[a.index] = t.Uint64() >> t.IntN(64)
	}
	sum := uint64(int64(a.disp)) * t.scaled(a)
	if a.index >= 0 {
		sum += t.regs[a.index] << a.scale
	}
	t.regs[a.base] = target - sum
	if bits == 32 && t.m.arch != tracer.I386 {
		t.regs[a.base] = t.regs[a.base]&0xffffffff | t.Uint64()<<32
	}
	return a
}

// scaled is what EVEX multiplies a displacement of 8 bits by.
func (t *trial) scaled(a *address) uint64 {
	if v := t.f.vector; v != nil && v.vex == 2 && a.dispSize == 1 {
		return uint64(v.length / 8)
	}
	return 1
}

// put writes a number into the target's memory before the step.
func (t *trial) put(at, v uint64, size int) {
	t.data[at] = binary.LittleEndian.AppendUint64(nil, v)[:min(size/8, 8)]
}

// build makes the instruction, with memory of a shape or, for "", a register.
func (t *trial) build(shape string) {
	f := t.f
	t.rip = codeAt + uint64(t.IntN(0x400))
	t.ea = dataAt + 0x100 + uint64(t.IntN(0xe00))
	if f.align {
		t.ea &^= 63
	}
	t.fill(t.size)
	t.e = encoding{long: t.m.arch != tracer.I386, mandatory: f.prefix, size: t.size, opcode: f.op, fixedSize: f.fixed}
	if t.size == 8 && f.op8 != nil {
		t.e.opcode = f.op8
	}
	if v := f.vector; v != nil {
		t.e.vex, t.e.table, t.e.pp, t.e.wide, t.e.length = v.vex, v.table, v.pp, v.wide, v.length
		t.e.vvvv = 0
		if v.mask {
			t.e.mask, t.e.zeroed = 1+t.IntN(7), t.IntN(2) == 0
		}
	}
	// A register of 8 bits among ah to bh takes no REX: no register above 7 beside.
	high := t.e.long && t.size == 8 && t.IntN(3) == 0
	operand := func() int {
		for {
			n := t.choose(t.size, high)
			if !high || n < 4 || n >= 20 {
				return n
			}
		}
	}
	if high {
		t.e.high = true
	}
	switch {
	case f.inReg:
		n := t.encoded(operand())
		if high || n < 8 || t.e.long {
			t.e.rm = n
		}
		t.e.opcode = slices.Clone(t.e.opcode)
		t.e.opcode[len(t.e.opcode)-1] |= byte(n & 7)
		t.e.bare = true
	case f.digit == takesReg:
		t.e.reg = t.encoded(operand())
	default:
		t.e.reg = f.digit
	}
	switch {
	case f.inReg:
	case shape != "":
		t.e.mem = t.address(shape, high)
		t.put(t.ea, t.edge(t.size), t.size)
		if t.size > 64 {
			var b []byte
			for range t.size / 64 {
				b = binary.LittleEndian.AppendUint64(b, t.Uint64())
			}
			t.data[t.ea] = b
		}
	default:
		t.e.rm = t.encoded(operand())
	}
	if f.vector != nil && f.vector.sources == 1 {
		t.e.vvvv = t.IntN(t.registers())
	}
	if f.imm != nil {
		t.e.imm = binary.LittleEndian.AppendUint64(nil, t.edge(t.size))[:f.imm(t.size)]
	}
	if f.setup != nil {
		f.setup(t)
	}
}

// before are the registers as the target gets them.
func (t *trial) before() tracer.Regs {
	regs := t.m.base
	regs.OrigRAX = ^tracer.Word(0)
	w := func(n int) tracer.Word {
		if t.m.arch == tracer.I386 {
			return tracer.Word(uint32(t.regs[n]))
		}
		return tracer.Word(t.regs[n])
	}
	regs.RAX, regs.RCX, regs.RDX, regs.RBX = w(0), w(1), w(2), w(3)
	regs.RSP, regs.RBP, regs.RSI, regs.RDI = w(4), w(5), w(6), w(7)
	if t.m.arch != tracer.I386 {
		regs.R8, regs.R9, regs.R10, regs.R11 = w(8), w(9), w(10), w(11)
		regs.R12, regs.R13, regs.R14, regs.R15 = w(12), w(13), w(14), w(15)
		regs.FSBase, regs.GSBase = tracer.Word(t.fs), tracer.Word(t.gs)
	}
	regs.RIP, regs.EFLAGS = tracer.Word(t.rip), tracer.Word(t.eflags)
	if t.edit != nil {
		t.edit(&regs)
	}
	return regs
}
