package disasm

import "golang.org/x/arch/x86/x86asm"

// outline is what the bytes themselves say of an instruction of the kinds that
// x86asm does not know all of: enough to know its length for certain. See the
// Intel manual, volume 2, chapter 2, "Instruction format".
type outline struct {
	mandatory byte       // 0x66, 0xf2 or 0xf3, which select an instruction here; the last one counts
	legacy    int        // how many prefixes there are before REX, VEX or the opcode
	segment   x86asm.Reg // of the last segment prefix, or 0
	narrow    bool       // 67: addresses of 32 bits in 64-bit code
	locked    bool       // f0
	rex       byte       // 0 if there is none
	vex       byte       // c4, c5, 62 (EVEX) or, of AMD's XOP, 8f; 0 if there is none
	payload   []byte     // the bytes of VEX or EVEX behind the first
	table     int        // 0: x87, 1: 0f xx, 2: 0f 38 xx, 3: 0f 3a xx; 5, 6: EVEX alone; 8, 9, 10: XOP
	opcode    byte       //
	modrm     byte       //
	tail      []byte     // modrm and what follows it
	length    int        // 0 if it is not of the kinds that are outlined, or cut off
}

// SegmentPrefixes are the bytes that name a segment, with the segment.
var SegmentPrefixes = map[byte]x86asm.Reg{0x26: x86asm.ES, 0x2e: x86asm.CS, 0x36: x86asm.SS,
	0x3e: x86asm.DS, 0x64: x86asm.FS, 0x65: x86asm.GS}

// parse outlines the instruction, if it is of the kinds that are guarded here.
func parse(code []byte, mode int) outline {
	o, n := prefixes(code)
	if mode == 64 && n < len(code) && code[n]&0xf0 == 0x40 {
		o.rex = code[n]
		n++
	}
	at := func(k int) byte {
		if n+k < len(code) {
			return code[n+k]
		}
		return 0
	}
	extended := mode == 64 || at(1) >= 0xc0 // otherwise les, lds, bound
	switch first := at(0); {
	case first == 0x0f && at(1) == 0x38:
		o.table, n = 2, n+2
	case first == 0x0f && at(1) == 0x3a:
		o.table, n = 3, n+2
	case first == 0x0f && guarded(at(1)):
		o.table, n = 1, n+1
	case 0xd8 <= first && first <= 0xdf: // x87
	case first == 0xc5 && extended:
		o.vex, o.table, n = first, 1, n+2
	case first == 0xc4 && extended, first == 0x8f && at(1)&0x1f >= 8:
		o.vex, o.table, n = first, int(at(1)&0x1f), n+3
	case first == 0x62 && extended:
		// Bit 3 belongs to APX, whose instructions have other operands.
		o.vex, o.table, n = first, int(at(1)&0xf), n+4
	default:
		return o
	}
	if o.vex != 0 {
		if o.rex != 0 || o.mandatory != 0 || o.locked || n > len(code) {
			return o // the processor refuses it, or it is cut off
		}
		o.payload = code[o.legacy+1 : n]
	}
	o.measure(code, n, mode)
	return o
}

// prefixes reads the legacy prefixes, and says where they end.
func prefixes(code []byte) (o outline, n int) {
	for ; n < len(code); n++ {
		switch b := code[n]; b {
		case 0x66:
			if o.mandatory == 0 {
				o.mandatory = b
			}
		case 0xf2, 0xf3:
			o.mandatory = b
		case 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65:
			o.segment = SegmentPrefixes[b]
		case 0x67:
			o.narrow = true
		case 0xf0:
			o.locked = true
		default:
			o.legacy = n
			return o, n
		}
	}
	o.legacy = n
	return o, n
}

// measure reads on at the opcode, and sets the length if all of it is there.
func (o *outline) measure(code []byte, n, mode int) {
	if n >= len(code) {
		return
	}
	o.opcode = code[n]
	n++
	if o.bare() {
		o.length = n
		return
	}
	if n >= len(code) {
		return
	}
	o.modrm = code[n]
	size := 1 + addressSize(code[n:])
	if mode == 32 && o.narrow {
		size = 1 + addressSize16(o.modrm)
	}
	switch {
	case o.table == 3, o.table == 8, o.vex != 0 && o.table == 1 && immediate(o.opcode):
		size++
	case o.table == 10:
		size += 4
	case o.table < 3, o.table == 9, o.vex == 0x62 && (o.table == 5 || o.table == 6):
	default:
		return
	}
	if n+size <= len(code) {
		o.tail = code[n : n+size]
		o.length = n + size
	}
}

// bare says whether there is no modrm byte: syscall, and with VEX vzeroupper and
// vzeroall alone.
func (o *outline) bare() bool {
	if o.vex == 0xc4 || o.vex == 0xc5 {
		return o.table == 1 && o.opcode == 0x77
	}
	return o.vex == 0 && o.table == 1 && o.opcode == 0x05
}

// guarded names the two-byte opcodes that x86asm does not know, or not with every
// prefix or in every mode. All but syscall have a modrm byte and no immediate.
func guarded(opcode byte) bool {
	switch opcode {
	case 0x01, 0x05, 0x0d, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0xae, 0xc7:
		return true
	}
	return false
}

// immediate says whether a VEX instruction of table 0f ends in one byte.
func immediate(opcode byte) bool {
	return 0x70 <= opcode && opcode <= 0x73 || opcode == 0xc2 || 0xc4 <= opcode && opcode <= 0xc6
}

// addressSize counts the bytes of sib and displacement after a modrm byte.
func addressSize(modrm []byte) int {
	mod, rm := modrm[0]>>6, modrm[0]&7
	size := 0
	base := rm
	if mod != 3 && rm == 4 {
		size = 1
		base = 0
		if len(modrm) > 1 {
			base = modrm[1] & 7
		}
	}
	switch {
	case mod == 1:
		size++
	case mod == 2, mod == 0 && base == 5:
		size += 4
	}
	return size
}

// addressSize16 is addressSize for addresses of 16 bits, which have no sib.
func addressSize16(modrm byte) int {
	switch mod := modrm >> 6; {
	case mod == 1:
		return 1
	case mod == 2, mod == 0 && modrm&7 == 6:
		return 2
	}
	return 0
}
