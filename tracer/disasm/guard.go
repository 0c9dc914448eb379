package disasm

import "golang.org/x/arch/x86/x86asm"

// encoding is the outline of an instruction with a two- or three-byte opcode:
// enough to know its length for certain. See the Intel manual, volume 2,
// chapter 2, "Instruction format".
type encoding struct {
	mandatory byte   // 0x66, 0xf2 or 0xf3, which select an instruction here; the last one counts
	rex       byte   // 0 if there is none
	vex       bool   // c4, c5 or, of AMD's XOP, 8f
	long      bool   // VEX.L: 256 bits
	table     int    // 1: 0f xx, 2: 0f 38 xx, 3: 0f 3a xx; 8, 9, 10: XOP
	opcode    byte   //
	modrm     byte   //
	tail      []byte // modrm and what follows it
	length    int
}

// parse outlines the instruction, if it is of the kinds that are guarded here.
func parse(code []byte, mode int) (e encoding, ok bool) {
	n := 0
prefixes:
	for ; n < len(code); n++ {
		switch b := code[n]; b {
		case 0x66:
			if e.mandatory == 0 {
				e.mandatory = b
			}
		case 0xf2, 0xf3:
			e.mandatory = b
		case 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65, 0xf0:
		case 0x67:
			if mode == 32 {
				return e, false // 16-bit addresses have another layout
			}
		default:
			break prefixes
		}
	}
	if mode == 64 && n < len(code) && code[n]&0xf0 == 0x40 {
		e.rex = code[n]
		n++
	}
	at := func(k int) byte {
		if n+k < len(code) {
			return code[n+k]
		}
		return 0
	}
	extended := mode == 64 || at(1) >= 0xc0 // otherwise lds, les
	switch first := at(0); {
	case first == 0x0f && at(1) == 0x38:
		e.table, n = 2, n+2
	case first == 0x0f && at(1) == 0x3a:
		e.table, n = 3, n+2
	case first == 0x0f && guarded(at(1)):
		e.table, n = 1, n+1
	case first == 0xc5 && extended && e.rex == 0:
		e.vex, e.long, e.table, n = true, at(1)&4 != 0, 1, n+2
	case first == 0xc4 && extended && e.rex == 0, first == 0x8f && at(1)&0x1f >= 8 && e.rex == 0:
		e.vex, e.long, e.table, n = true, at(2)&4 != 0, int(at(1)&0x1f), n+3
	default:
		return e, false
	}

	if n >= len(code) {
		return e, false
	}
	e.opcode = code[n]
	n++
	if e.vex && e.table == 1 && e.opcode == 0x77 {
		e.length = n // vzeroupper, vzeroall: the only ones without a modrm byte
		return e, true
	}
	if n >= len(code) {
		return e, false
	}
	e.modrm = code[n]
	size := 1 + addressSize(code[n:])
	switch {
	case e.table == 3, e.table == 8, e.vex && e.table == 1 && immediate(e.opcode):
		size++
	case e.table == 10:
		size += 4
	case e.table != 1 && e.table != 2 && e.table != 9:
		return e, false
	}
	if n+size > len(code) {
		return e, false
	}
	e.tail = code[n : n+size]
	e.length = n + size
	return e, true
}

// guarded names the two-byte opcodes whose form is modrm without immediate and
// that x86asm does not know, or does not know with every prefix.
func guarded(opcode byte) bool {
	switch opcode {
	case 0x01, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0xae, 0xc7:
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

// The operands that a guarded instruction takes.
const (
	none = iota
	rm   // the register or memory of modrm
	both // the register of modrm, then its register or memory
)

// name gives the name of the instructions that x86asm gets wrong, and their
// operands in an instruction whose Op is 0, or is right.
func (e encoding) name(mode int) (string, x86asm.Inst, bool) {
	name, operands := e.lookup()
	if name == "" {
		return "", x86asm.Inst{}, false
	}
	op := x86asm.Inst{Mode: mode, AddrSize: mode, Len: e.length}
	if operands != none {
		// Any instruction of the form "register, modrm" has the same operands.
		like := []byte{0x0f, 0xaf}
		if e.rex != 0 {
			like = []byte{e.rex, 0x0f, 0xaf}
		}
		var err error
		if op, err = x86asm.Decode(append(like, e.tail...), mode); err != nil {
			return "", x86asm.Inst{}, false
		}
		extend(&op)
		if operands == rm {
			op.Args = x86asm.Args{op.Args[1]}
			op.MemBytes = 0
		}
	}
	op.Op, op.Opcode, op.Prefix, op.Len = 0, 0, x86asm.Prefixes{}, e.length
	switch name {
	case "vzeroupper":
		op.Op = x86asm.VZEROUPPER
	case "vzeroall":
		op.Op = x86asm.VZEROALL
	case "nop":
		op.Op = x86asm.NOP
	}
	return name, op, true
}

func (e encoding) lookup() (name string, operands int) {
	register := e.modrm >= 0xc0
	reg := e.modrm >> 3 & 7
	wide := func(d, q string) string {
		if e.rex&8 != 0 {
			return q
		}
		return d
	}
	if e.vex {
		switch {
		case e.table == 1 && e.opcode == 0x77 && e.long:
			return "vzeroall", none
		case e.table == 1 && e.opcode == 0x77:
			return "vzeroupper", none
		}
		return "", none
	}
	switch {
	case e.table == 2 && e.opcode == 0xf6 && e.mandatory == 0x66:
		return "adcx", both
	case e.table == 2 && e.opcode == 0xf6 && e.mandatory == 0xf3:
		return "adox", both
	case e.table != 1:
		return "", none
	}
	switch e.opcode {
	case 0x01:
		switch {
		case e.modrm == 0xe8 && e.mandatory == 0:
			return "serialize", none
		case e.modrm == 0xea && e.mandatory == 0xf3:
			return "saveprevssp", none
		case e.modrm == 0xee && e.mandatory == 0:
			return "rdpkru", none
		case e.modrm == 0xef && e.mandatory == 0:
			return "wrpkru", none
		}
	case 0x1c:
		if !register && reg == 0 && e.mandatory == 0 {
			return "cldemote", rm
		}
		return "nop", rm
	case 0x1d:
		return "nop", rm
	case 0x1e:
		switch {
		case e.mandatory == 0xf3 && e.modrm == 0xfa:
			return "endbr64", none
		case e.mandatory == 0xf3 && e.modrm == 0xfb:
			return "endbr32", none
		case e.mandatory == 0xf3 && register && reg == 1:
			return wide("rdsspd", "rdsspq"), rm
		}
		return "nop", rm
	case 0xae:
		switch {
		case register && reg == 5 && e.mandatory == 0xf3:
			return wide("incsspd", "incsspq"), rm
		case register && reg == 6 && e.mandatory == 0x66:
			return "tpause", rm
		case register && reg == 6 && e.mandatory == 0xf3:
			return "umonitor", rm
		case register && reg == 6 && e.mandatory == 0xf2:
			return "umwait", rm
		case !register && reg == 6 && e.mandatory == 0x66:
			return "clwb", rm
		case !register && reg == 7 && e.mandatory == 0x66:
			return "clflushopt", rm
		}
	case 0xc7:
		switch {
		case register && reg == 6 && e.mandatory != 0xf3:
			return "rdrand", rm
		case register && reg == 7 && e.mandatory == 0xf3:
			return "rdpid", rm
		case register && reg == 7:
			return "rdseed", rm
		}
	}
	return "", none
}

// extend gives displacements of 32 bits their sign, which x86asm leaves out:
// [rbp-0x88] comes as [rbp+0xffffff78]. Only mov with al or rax and an address
// of 64 bits, opcodes a0 to a3, has a longer one.
func extend(op *x86asm.Inst) {
	if op.Op == x86asm.MOV && op.Opcode>>26 == 0xa0>>2 {
		return
	}
	for n, a := range op.Args {
		m, ok := a.(x86asm.Mem)
		if !ok {
			continue
		}
		m.Disp = int64(int32(m.Disp))
		if m.Base == 0 && m.Index == 0 && op.AddrSize == 32 {
			m.Disp = int64(uint32(m.Disp))
		}
		op.Args[n] = m
	}
}
