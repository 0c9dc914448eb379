package disasm

import (
	"slices"

	"golang.org/x/arch/x86/x86asm"
)

// vector decodes an instruction with VEX or EVEX, which are those of AVX and
// BMI. x86asm knows them only where no other prefix stands before, leaves out
// that an address is relative to rip, and takes the maps 5 and 6 for others.
func (o outline) vector(code []byte, mode int) (op x86asm.Inst, ok bool) {
	if o.vex == 0x8f || o.table < 1 || o.table > 3 || o.length == 0 {
		return op, false
	}
	if mode == 32 && o.narrow && !o.bare() && o.modrm < 0xc0 {
		return op, false // addresses of 16 bits, which no compiler makes with these
	}
	own := slices.Clone(code[o.legacy:o.length])
	if mode == 32 {
		o.only32(own)
	}
	op, err := x86asm.Decode(own, mode)
	if err != nil && o.vex != 0x62 {
		// Where the processor ignores W or L, x86asm knows one value of it only.
		const w, l = 0x80, 4
		for _, ignored := range []byte{w, l, w | l} {
			if op, err = x86asm.Decode(without(own, ignored), mode); err == nil {
				break
			}
		}
	}
	if err != nil || op.Op == 0 || op.Len != len(own) {
		return op, false
	}
	op.Len = o.length
	op.Mode, op.AddrSize = mode, mode
	if o.narrow {
		op.AddrSize = 32
	}
	for n, a := range op.Args {
		switch a := a.(type) {
		case x86asm.Mem:
			op.Args[n] = o.memory(a, mode, op.AddrSize)
		case x86asm.Reg:
			if mode == 32 {
				op.Args[n] = narrowest(a)
			}
		}
	}
	// What x86asm keeps as prefixes are the bytes of VEX and EVEX.
	op.Prefix = x86asm.Prefixes{}
	return op, true
}

// only32 sets the bits that the processor ignores in 32-bit code to what x86asm
// takes for eight registers of each kind, and for moves of 32 bits.
func (o outline) only32(own []byte) {
	switch own[0] {
	case 0xc5:
		own[1] |= 0x40
		return
	case 0xc4:
		own[1] |= 0x20
	case 0x62:
		own[1] |= 0x30
		own[3] |= 8
	}
	own[2] |= 0x40
	const w = 0x80
	switch pp := own[2] & 3; {
	case o.table == 1 && (o.opcode == 0x6e || o.opcode == 0x7e) && pp == 1, // vmovd
		o.table == 3 && (o.opcode == 0x16 || o.opcode == 0x22): // vpextrd, vpinsrd
		own[2] &^= w
	}
}

// narrowest is the register that a number means in 32-bit code.
func narrowest(r x86asm.Reg) x86asm.Reg {
	if number, bits, _, ok := Part(r); ok && bits == 64 {
		return x86asm.EAX + x86asm.Reg(number)
	}
	for _, first := range []x86asm.Reg{x86asm.X0, x86asm.Y0, x86asm.Z0} {
		if first <= r && r < first+32 {
			return first + (r-first)&7
		}
	}
	return r
}

// without clears bits of the last byte of VEX, where W, vvvv, L and pp are.
func without(own []byte, bits byte) []byte {
	own = slices.Clone(own)
	if own[0] == 0xc5 {
		own[1] &^= bits & 4
	} else {
		own[2] &^= bits
	}
	return own
}

// memory is the memory operand as the bytes give it. Of x86asm's there stay the
// displacement, which EVEX scales, and the index where it is a vector.
func (o outline) memory(m x86asm.Mem, mode, addrSize int) x86asm.Mem {
	first := x86asm.Reg(x86asm.RAX)
	if addrSize == 32 {
		first = x86asm.EAX
	}
	var x, b x86asm.Reg
	if mode == 64 && o.vex != 0xc5 {
		x, b = x86asm.Reg(^o.payload[0]>>6&1)<<3, x86asm.Reg(^o.payload[0]>>5&1)<<3
	}
	mod, rm := o.modrm>>6, o.modrm&7
	out := x86asm.Mem{Segment: o.segment, Disp: m.Disp}
	switch {
	case rm == 4:
		sib := o.tail[1]
		index := x86asm.Reg(sib>>3&7) | x
		_, _, _, general := Part(m.Index)
		switch {
		case m.Index != 0 && !general:
			out.Index, out.Scale = m.Index, 1<<(sib>>6)
		case index != 4:
			out.Index, out.Scale = first+index, 1<<(sib>>6)
		}
		if base := x86asm.Reg(sib & 7); base != 5 || mod != 0 {
			out.Base = first + (base | b)
		}
	case rm == 5 && mod == 0 && mode == 64:
		out.Base = x86asm.RIP
		if addrSize == 32 {
			out.Base = x86asm.EIP
		}
	case rm == 5 && mod == 0:
	default:
		out.Base = first + (x86asm.Reg(rm) | b)
	}
	return out
}
