package disasm

import (
	"fmt"
	"strings"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
)

// renamed are the names that differ between x86asm and the Intel manual.
var renamed = map[x86asm.Op]string{
	x86asm.LRET:  "retf",
	x86asm.LCALL: "call far",
	x86asm.LJMP:  "jmp far",
}

// mnemonic names the instruction, with the prefixes that change what it does.
func mnemonic(op x86asm.Inst) string {
	name := renamed[op.Op]
	if name == "" {
		name, _, _ = strings.Cut(strings.ToLower(op.Op.String()), "_") // movsd_xmm
		if strings.HasPrefix(name, "vpcmp") {
			name = strings.TrimSuffix(name, "64") // W, which only the length operands of vpcmpestri have
		}
	}
	if op.Op == x86asm.INT && op.Opcode>>24 == 0xcc {
		name = "int3"
	}
	prefix := ""
	for _, p := range op.Prefix {
		if p == 0 {
			break
		}
		if p&(x86asm.PrefixImplicit|x86asm.PrefixIgnored|x86asm.PrefixInvalid) != 0 {
			continue
		}
		switch p {
		case x86asm.PrefixLOCK:
			prefix += "lock "
		case x86asm.PrefixREPN:
			prefix += "repne "
		case x86asm.PrefixREP:
			if size, kind := StringOp(op.Op); size > 0 && (kind == "cmps" || kind == "scas") {
				prefix += "repe "
			} else {
				prefix += "rep "
			}
		case x86asm.PrefixBND:
			prefix += "bnd "
		case x86asm.PrefixXACQUIRE:
			prefix += "xacquire "
		case x86asm.PrefixXRELEASE:
			prefix += "xrelease "
		}
	}
	// Without REX.W and outside of string instructions, 3e before an indirect
	// jump or call is notrack.
	if op.Op == x86asm.JMP || op.Op == x86asm.CALL {
		if _, direct := op.Args[0].(x86asm.Rel); !direct && op.Prefix[0]&0xff == x86asm.PrefixDS {
			prefix += "notrack "
		}
	}
	return prefix + name
}

// intel writes the instruction in Intel syntax. Masked is the mask register of an
// instruction with EVEX that has one, or 0.
func intel(op x86asm.Inst, name string, next tracer.Addr, masked x86asm.Reg) string {
	size, _ := StringOp(op.Op)
	if size > 0 || op.Op == x86asm.INT && op.Opcode>>24 == 0xcc {
		return name // its operands are always the same registers
	}
	var args []string
	for n, a := range op.Args {
		switch {
		case a == nil:
		case n == 1 && masked != 0 && a == x86asm.Arg(masked):
			args[0] += " {" + RegName(masked) + "}"
			if op.Zeroing {
				args[0] += " {z}"
			}
		default:
			args = append(args, operandText(op, a, next))
		}
	}
	if op.SAE {
		args = append(args, rounding(op))
	}
	if len(args) == 0 {
		return name
	}
	return name + " " + strings.Join(args, ", ")
}

// mask is the register aaa of EVEX, or 0.
func mask(code []byte) x86asm.Reg {
	for n, b := range code {
		if _, segment := SegmentPrefixes[b]; segment || b == 0x67 {
			continue
		}
		if b == 0x62 && n+3 < len(code) && code[n+3]&7 != 0 {
			return x86asm.K0 + x86asm.Reg(code[n+3]&7)
		}
		break
	}
	return 0
}

// rounding is what EVEX.b says of an instruction between registers.
func rounding(op x86asm.Inst) string {
	const modes = "rn rd ru rz"
	if strings.Contains(x86asm.IntelSyntax(op, 0, nil), "{sae}") {
		return "{sae}" // it rounds nothing
	}
	return "{" + strings.Fields(modes)[op.Rounding&3] + "-sae}"
}

func operandText(op x86asm.Inst, a x86asm.Arg, next tracer.Addr) string {
	switch a := a.(type) {
	case x86asm.Reg:
		return RegName(a)
	case x86asm.Imm:
		switch {
		case op.MemBytes == 2 || width(op.Args[0]) == 16 || op.Op == x86asm.PUSH && op.DataSize == 16:
			return fmt.Sprintf("%#x", uint16(a))
		case op.Mode == 32:
			return fmt.Sprintf("%#x", uint32(a))
		}
		return fmt.Sprintf("%#x", int64(a))
	case x86asm.Rel:
		return BranchTarget(op, a, next).String()
	case x86asm.Mem:
		return memoryText(op, a)
	}
	return strings.ToLower(a.String())
}

// Segment is the segment of an address without a prefix: ss with the stack and frame
// pointers, else ds.
func Segment(m x86asm.Mem) x86asm.Reg {
	switch m.Base {
	case x86asm.SP, x86asm.BP, x86asm.ESP, x86asm.EBP, x86asm.RSP, x86asm.RBP:
		return x86asm.SS
	}
	return x86asm.DS
}

// width is the size of a general register in bits, or 0.
func width(a x86asm.Arg) int {
	r, _ := a.(x86asm.Reg)
	_, bits, _, _ := Part(r)
	return bits
}

// BranchTarget is where a relative branch goes: next is the address behind it.
func BranchTarget(op x86asm.Inst, rel x86asm.Rel, next tracer.Addr) tracer.Addr {
	target := next + tracer.Addr(int64(rel))
	switch {
	case op.Mode == 32 && op.DataSize == 16:
		target &= 0xffff
	case op.Mode == 32:
		target &= 0xffffffff
	}
	return target
}

var sizeNames = map[int]string{1: "byte ptr ", 2: "word ptr ", 4: "dword ptr ", 8: "qword ptr ", 10: "tbyte ptr ", 16: "xmmword ptr ", 32: "ymmword ptr ", 64: "zmmword ptr "}

func memoryText(op x86asm.Inst, m x86asm.Mem) string {
	var b strings.Builder
	if op.Op != x86asm.LEA {
		size := sizeNames[op.MemBytes]
		if op.Broadcast { // one number, for each place of the vector
			size = strings.Replace(size, "ptr", "bcst", 1)
		}
		b.WriteString(size)
	}
	fs := m.Segment == x86asm.FS || m.Segment == x86asm.GS
	if fs || op.Mode == 32 && op.Op != x86asm.NOP && m.Segment != 0 && m.Segment != Segment(m) {
		b.WriteString(RegName(m.Segment) + ":")
	}
	b.WriteByte('[')
	terms := 0
	if m.Base != 0 {
		b.WriteString(RegName(m.Base))
		terms++
	}
	if m.Index != 0 && m.Scale != 0 {
		if terms > 0 {
			b.WriteByte('+')
		}
		b.WriteString(RegName(m.Index))
		if m.Scale > 1 {
			fmt.Fprintf(&b, "*%d", m.Scale)
		}
		terms++
	}
	switch disp := m.Disp; {
	case terms == 0 && (fs || op.Mode == 32):
		fmt.Fprintf(&b, "%#x", disp)
	case terms == 0: // an address, and no distance
		fmt.Fprintf(&b, "%#x", uint64(disp))
	case disp != 0:
		fmt.Fprintf(&b, "%+#x", disp)
	}
	b.WriteByte(']')
	return b.String()
}

// StringOp gives the size of a string instruction's item and its kind, or 0.
func StringOp(op x86asm.Op) (size int, kind string) {
	switch op {
	case x86asm.STOSB, x86asm.STOSW, x86asm.STOSD, x86asm.STOSQ:
		kind = "stos"
	case x86asm.MOVSB, x86asm.MOVSW, x86asm.MOVSD, x86asm.MOVSQ:
		kind = "movs"
	case x86asm.LODSB, x86asm.LODSW, x86asm.LODSD, x86asm.LODSQ:
		kind = "lods"
	case x86asm.SCASB, x86asm.SCASW, x86asm.SCASD, x86asm.SCASQ:
		kind = "scas"
	case x86asm.CMPSB, x86asm.CMPSW, x86asm.CMPSD, x86asm.CMPSQ:
		kind = "cmps"
	default:
		return 0, ""
	}
	name := op.String()
	return map[byte]int{'B': 1, 'W': 2, 'D': 4, 'Q': 8}[name[len(name)-1]], kind
}
