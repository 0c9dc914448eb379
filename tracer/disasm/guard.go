package disasm

import (
	"slices"

	"golang.org/x/arch/x86/x86asm"
)

// The operands that a guarded instruction takes.
const (
	none = iota
	rm   // the register or memory of modrm
	both // the register of modrm, then its register or memory
)

// name gives the name of the instructions that x86asm gets wrong, and their
// operands in an instruction whose Op is 0, or is right.
func (o outline) name(code []byte, mode int) (string, x86asm.Inst, bool) {
	name, operands := o.lookup()
	if name == "" && mode == 32 && o.table == 1 && o.opcode == 0x05 && o.vex == 0 {
		name = "syscall" // AMD has it in 32-bit code too
	}
	if name == "" {
		return "", x86asm.Inst{}, false
	}
	op := x86asm.Inst{Mode: mode, AddrSize: mode, Len: o.length}
	if operands != none {
		// Any instruction of the form "register, modrm" has the same operands.
		var like []byte
		for _, b := range code[:o.legacy] {
			if _, segment := SegmentPrefixes[b]; segment || b == 0x67 || b == 0x66 && o.opcode == 0xc7 {
				like = append(like, b)
			}
		}
		if o.rex != 0 {
			like = append(like, o.rex)
		}
		var err error
		if op, err = x86asm.Decode(append(append(like, 0x0f, 0xaf), o.tail...), mode); err != nil {
			return "", x86asm.Inst{}, false
		}
		extend(&op)
		if operands == rm {
			op.Args = x86asm.Args{op.Args[1]}
			op.MemBytes = 0
		}
	}
	op.Op, op.Opcode, op.Prefix, op.Len = 0, 0, x86asm.Prefixes{}, o.length
	switch name {
	case "vzeroupper":
		op.Op = x86asm.VZEROUPPER
	case "vzeroall":
		op.Op = x86asm.VZEROALL
	case "nop":
		op.Op = x86asm.NOP
	case "syscall":
		op.Op = x86asm.SYSCALL
	}
	return name, op, true
}

func (o outline) lookup() (name string, operands int) {
	register := o.modrm >= 0xc0
	reg := o.modrm >> 3 & 7
	wide := func(d, q string) string {
		if o.rex&8 != 0 {
			return q
		}
		return d
	}
	if o.vex != 0 {
		switch {
		case !o.bare():
			return "", none
		case o.payload[len(o.payload)-1]&4 != 0: // VEX.L: 256 bits
			return "vzeroall", none
		}
		return "vzeroupper", none
	}
	switch {
	case o.table == 2 && o.opcode == 0xf6 && o.mandatory == 0x66:
		return "adcx", both
	case o.table == 2 && o.opcode == 0xf6 && o.mandatory == 0xf3:
		return "adox", both
	case o.table != 1:
		return "", none
	}
	switch o.opcode {
	case 0x01:
		switch {
		case o.modrm == 0xe8 && o.mandatory == 0:
			return "serialize", none
		case o.modrm == 0xea && o.mandatory == 0xf3:
			return "saveprevssp", none
		case o.modrm == 0xee && o.mandatory == 0:
			return "rdpkru", none
		case o.modrm == 0xef && o.mandatory == 0:
			return "wrpkru", none
		}
	case 0x1c:
		if !register && reg == 0 && o.mandatory == 0 {
			return "cldemote", rm
		}
		return "nop", rm
	case 0x18:
		if reg < 4 && !register {
			return "", none // prefetchnta and its kind
		}
		return "nop", rm
	case 0x0d:
		switch {
		case register:
			return "nop", rm
		case reg == 1:
			return "prefetchw", rm
		case reg == 2:
			return "prefetchwt1", rm
		}
		return "prefetch", rm
	case 0x1f:
		if reg == 0 && o.rex&8 == 0 {
			return "", none
		}
		return "nop", rm
	case 0x19, 0x1d:
		return "nop", rm
	case 0x1e:
		switch {
		case o.mandatory == 0xf3 && o.modrm == 0xfa:
			return "endbr64", none
		case o.mandatory == 0xf3 && o.modrm == 0xfb:
			return "endbr32", none
		case o.mandatory == 0xf3 && register && reg == 1:
			return wide("rdsspd", "rdsspq"), rm
		}
		return "nop", rm
	case 0xae:
		switch {
		case register && reg == 5 && o.mandatory == 0xf3:
			return wide("incsspd", "incsspq"), rm
		case register && reg == 6 && o.mandatory == 0x66:
			return "tpause", rm
		case register && reg == 6 && o.mandatory == 0xf3:
			return "umonitor", rm
		case register && reg == 6 && o.mandatory == 0xf2:
			return "umwait", rm
		case reg == 4 && o.mandatory == 0xf3:
			return "ptwrite", rm
		case !register && reg == 6 && o.mandatory == 0xf3:
			return "clrssbsy", rm
		case !register && reg == 6 && o.mandatory == 0x66:
			return "clwb", rm
		case !register && reg == 7 && o.mandatory == 0x66:
			return "clflushopt", rm
		}
	case 0xc7:
		switch {
		case !register && reg == 6:
			return map[byte]string{0: "vmptrld", 0x66: "vmclear", 0xf2: "vmptrld", 0xf3: "vmxon"}[o.mandatory], rm
		case reg == 6 && o.mandatory == 0xf3:
			return "senduipi", rm
		case reg == 6:
			return "rdrand", rm
		case register && reg == 7 && o.mandatory == 0xf3:
			return "rdpid", rm
		case register && reg == 7:
			return "rdseed", rm
		}
	}
	return "", none
}

// extend gives displacements of 32 bits their sign, which x86asm leaves out:
// [rbp-0x88] comes as [rbp+0xffffff78]. It also sizes the numbers of 80 bits. Only mov with al or rax and an address
// of 64 bits, opcodes a0 to a3, has a longer one.
func extend(op *x86asm.Inst) {
	if op.Op == x86asm.MOV && op.Opcode>>26 == 0xa0>>2 {
		return
	}
	switch op.Op {
	case x86asm.FLD, x86asm.FSTP, x86asm.FBLD, x86asm.FBSTP:
		if op.MemBytes == 0 {
			op.MemBytes = 10
		}
	}
	for n, a := range op.Args {
		m, ok := a.(x86asm.Mem)
		if !ok {
			continue
		}
		m.Disp = int64(int32(m.Disp))
		if op.AddrSize == 16 && m.Base != 0 {
			m.Disp = int64(int16(m.Disp))
		}
		if m.Base == 0 && m.Index == 0 && op.AddrSize == 32 {
			m.Disp = int64(uint32(m.Disp))
		}
		op.Args[n] = m
	}
}

// refused are what x86asm takes for instructions on registers, and the processor for
// none: f3 0f ae with memory.
func (o outline) refused() bool {
	return o.vex == 0 && o.table == 1 && o.opcode == 0xae && o.mandatory == 0xf3 && o.modrm < 0xc0 && o.modrm>>3&7 < 4
}

// known gives x86asm the spelling that it knows of an instruction with two: shl is
// /4 and /6 of the shifts, test is /0 and /1 of f6 and f7, and 82 of 32-bit code
// is 80. The code stays as it is.
func known(code []byte, mode int) []byte {
	_, n := prefixes(code)
	if mode == 64 && n < len(code) && code[n]&0xf0 == 0x40 {
		n++
	}
	if n+1 >= len(code) {
		return code
	}
	reg := code[n+1] & 0x38
	switch b := code[n]; {
	case (b == 0xc0 || b == 0xc1 || 0xd0 <= b && b <= 0xd3) && reg == 6<<3:
		reg = 4 << 3
	case (b == 0xf6 || b == 0xf7) && reg == 1<<3:
		reg = 0
	case b == 0x82 && mode == 32:
		code = slices.Clone(code)
		code[n] = 0x80
		return code
	default:
		return code
	}
	code = slices.Clone(code)
	code[n+1] = code[n+1]&^0x38 | reg
	return code
}
