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
		name = strings.ToLower(op.Op.String())
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
			if size, kind := stringOp(op.Op); size > 0 && (kind == "cmps" || kind == "scas") {
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

// intel writes the instruction in Intel syntax.
func intel(op x86asm.Inst, name string, next tracer.Addr) string {
	if size, _ := stringOp(op.Op); size > 0 {
		return name // its operands are always the same registers
	}
	if special(op) {
		pc := uint64(next) - uint64(op.Len)
		return strings.ToLower(x86asm.IntelSyntax(op, pc, nil))
	}
	if op.Op == x86asm.INT && op.Opcode>>24 == 0xcc {
		return name
	}
	var args []string
	for _, a := range op.Args {
		if a == nil {
			break
		}
		args = append(args, operandText(op, a, next))
	}
	if len(args) == 0 {
		return name
	}
	return name + " " + strings.Join(args, ", ")
}

// special says whether the operands need x86asm's own knowledge: AVX masks, the
// stack of the x87 and names that stand for two instructions.
func special(op x86asm.Inst) bool {
	if op.Op == 0 {
		return false
	}
	name := op.Op.String()
	return strings.ContainsAny(name[:1], "VKF") || strings.Contains(name, "_")
}

func operandText(op x86asm.Inst, a x86asm.Arg, next tracer.Addr) string {
	switch a := a.(type) {
	case x86asm.Reg:
		return regName(a)
	case x86asm.Imm:
		if op.Mode == 32 {
			return fmt.Sprintf("%#x", uint32(a))
		}
		return fmt.Sprintf("%#x", int64(a))
	case x86asm.Rel:
		return branchTarget(op, a, next).String()
	case x86asm.Mem:
		return memoryText(op, a)
	}
	return strings.ToLower(a.String())
}

func branchTarget(op x86asm.Inst, rel x86asm.Rel, next tracer.Addr) tracer.Addr {
	target := next + tracer.Addr(int64(rel))
	if op.Mode == 32 {
		target &= 0xffffffff
	}
	return target
}

var sizeNames = map[int]string{1: "byte ptr ", 2: "word ptr ", 4: "dword ptr ", 8: "qword ptr ", 16: "xmmword ptr ", 32: "ymmword ptr "}

func memoryText(op x86asm.Inst, m x86asm.Mem) string {
	var b strings.Builder
	if op.Op != x86asm.LEA {
		b.WriteString(sizeNames[op.MemBytes])
	}
	fs := m.Segment == x86asm.FS || m.Segment == x86asm.GS
	if fs || op.Mode == 32 && op.Op != x86asm.NOP && (m.Segment == x86asm.ES || m.Segment == x86asm.CS) {
		b.WriteString(regName(m.Segment) + ":")
	}
	b.WriteByte('[')
	terms := 0
	if m.Base != 0 {
		b.WriteString(regName(m.Base))
		terms++
	}
	if m.Index != 0 && m.Scale != 0 {
		if terms > 0 {
			b.WriteByte('+')
		}
		b.WriteString(regName(m.Index))
		if m.Scale > 1 {
			fmt.Fprintf(&b, "*%d", m.Scale)
		}
		terms++
	}
	switch disp := m.Disp; {
	case terms == 0:
		fmt.Fprintf(&b, "%#x", disp)
	case disp != 0:
		fmt.Fprintf(&b, "%+#x", disp)
	}
	b.WriteByte(']')
	return b.String()
}
