package meaning_test

import (
	"encoding/binary"
	"slices"
)

// An address is a memory operand to encode.
type address struct {
	base, index int // the numbers of registers, or -1
	scale       uint
	disp        int32
	dispSize    int  // 0, 1 or 4 bytes
	relative    bool // to the next instruction
	segment     byte // a prefix, or 0
	narrow      bool // 67: 32 bits in 64-bit code
}

// An encoding is an instruction to encode, from its parts.
type encoding struct {
	long      bool // 64-bit code
	mandatory byte // 66, f2 or f3 that belongs to the opcode
	rep       byte
	size      int    // of the operands in bits
	opcode    []byte // with 0f
	reg       int    // the register or digit of modrm
	rm        int    // the register of modrm
	mem       *address
	bare      bool // no modrm
	high      bool // a register of 8 bits among ah, ch, dh, bh: no REX
	fixedSize bool // the size is not told by 66 or REX.W
	imm       []byte

	vex    byte // 1: VEX; 2: EVEX
	table  byte // of VEX: 1, 2, 3
	pp     byte
	wide   bool // VEX.W
	vvvv   int  // register, 0 where there is none
	length int  // of the vector in bits
	mask   int  // of EVEX
	zeroed bool
}

func le32(v int32) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(v)) }

// encode writes the instruction. next is needed for addresses relative to rip:
// it is called once more when the length is known.
func (e encoding) encode(at uint64, target uint64) []byte {
	code := e.bytes(0)
	if e.mem != nil && e.mem.relative {
		return e.bytes(int32(target - at - uint64(len(code))))
	}
	return code
}

func (e encoding) bytes(relative int32) []byte {
	var out []byte
	if e.mem != nil && e.mem.segment != 0 {
		out = append(out, e.mem.segment)
	}
	if e.mem != nil && e.mem.narrow {
		out = append(out, 0x67)
	}
	r, x, b := e.reg>>3, 0, e.rm>>3
	if e.mem != nil {
		x, b = max(e.mem.index, 0)>>3, max(e.mem.base, 0)>>3
	}
	switch e.vex {
	case 1:
		out = append(out, 0xc4, byte(^r&1)<<7|byte(^x&1)<<6|byte(^b&1)<<5|e.table, e.payload()|byte(e.length>>8&1)<<2)
	case 2:
		if e.mem == nil {
			x = e.rm >> 4
		}
		out = append(out, 0x62, byte(^r&1)<<7|byte(^x&1)<<6|byte(^b&1)<<5|byte(^(e.reg>>4)&1)<<4|e.table, e.payload()|4,
			byte(e.length>>8&1|e.length>>9&1<<1)<<5|8|byte(e.mask)|byte(btoi(e.zeroed))<<7)
	default:
		if !e.fixedSize && e.size == 16 {
			out = append(out, 0x66)
		}
		for _, p := range []byte{e.mandatory, e.rep} {
			if p != 0 {
				out = append(out, p)
			}
		}
		rex := byte(r&1)<<2 | byte(x&1)<<1 | byte(b&1)
		if !e.fixedSize && e.size == 64 {
			rex |= 8
		}
		if !e.high && (rex != 0 || e.size == 8) && e.long {
			out = append(out, 0x40|rex)
		}
	}
	out = append(out, e.opcode...)
	if !e.bare {
		out = append(out, e.modrm(relative)...)
	}
	return append(out, e.imm...)
}

// payload is the byte of VEX and EVEX with W, vvvv and pp.
func (e encoding) payload() byte {
	return byte(btoi(e.wide))<<7 | byte(^e.vvvv&15)<<3 | e.pp
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (e encoding) modrm(relative int32) []byte {
	reg := byte(e.reg&7) << 3
	if e.mem == nil {
		return []byte{0xc0 | reg | byte(e.rm&7)}
	}
	m := *e.mem
	disp := le32(m.disp)
	switch {
	case m.relative:
		return append([]byte{reg | 5}, le32(relative)...)
	case m.base < 0 && m.index < 0 && !e.long:
		return append([]byte{reg | 5}, disp...)
	case m.base < 0 && m.index < 0:
		return append([]byte{reg | 4, 0x25}, disp...)
	case m.base < 0:
		return append([]byte{reg | 4, byte(m.scale<<6) | byte(m.index&7)<<3 | 5}, disp...)
	}
	mod := map[int]byte{0: 0, 1: 0x40, 4: 0x80}[m.dispSize]
	if m.dispSize == 0 && m.base&7 == 5 { // this would be no base at all
		mod, m.dispSize = 0x40, 1
	}
	disp = disp[:m.dispSize]
	if m.index < 0 && m.base&7 != 4 {
		return slices.Concat([]byte{mod | reg | byte(m.base&7)}, disp)
	}
	index := byte(4)
	if m.index >= 0 {
		index = byte(m.index & 7)
	}
	return slices.Concat([]byte{mod | reg | 4, byte(m.scale<<6) | index<<3 | byte(m.base&7)}, disp)
}
