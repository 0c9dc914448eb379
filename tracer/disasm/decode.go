// Package disasm reads x86 machine code one instruction at a time. What an executed
// instruction did is told by package meaning, below.
//
// The decoder is golang.org/x/arch/x86/x86asm. guard.go and vector.go correct what
// it is known to get wrong. Nothing here asks the kernel for anything.
package disasm

import (
	"encoding/hex"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
)

// MaxLen is the length in bytes of the longest x86 instruction. Give [Decode]
// as many bytes, or as many as can be read.
const MaxLen = 15

// Unknown is the text of an instruction that [Decode] does not know.
const Unknown = "(unknown)"

// Inst is one decoded instruction.
type Inst struct {
	Addr  tracer.Addr
	Bytes []byte // the instruction's own bytes, a copy
	Text  string // Intel syntax, lower case, hexadecimal; branch targets are absolute
	Known bool   // false: Text is Unknown and the length may be wrong

	Arch tracer.Arch // whose machine code it is: the mode of the processor
	Op   x86asm.Inst // its Op is 0 if the instruction is unknown or named by the guard
}

// Len is the length of the instruction in bytes.
func (i Inst) Len() int { return len(i.Bytes) }

// Next is the address of the instruction that follows in memory.
func (i Inst) Next() tracer.Addr {
	next := i.Addr + tracer.Addr(len(i.Bytes))
	if i.Arch == tracer.I386 {
		next &= 0xffffffff
	}
	return next
}

// EntersKernel says whether the instruction makes a system call: syscall, int
// 0x80 or sysenter.
func (i Inst) EntersKernel() bool {
	return i.Op.Op == x86asm.SYSCALL || i.Op.Op == x86asm.SYSENTER || i.Op.Op == x86asm.INT && i.Op.Args[0] == x86asm.Imm(0x80)
}

// Hex spells the bytes of the instruction, "0f 05".
func (i Inst) Hex() string {
	var out []byte
	for n, b := range i.Bytes {
		if n > 0 {
			out = append(out, ' ')
		}
		out = hex.AppendEncode(out, []byte{b})
	}
	return string(out)
}

// Decode reads the first instruction of code, which lies at the address at. It
// never fails: what it does not know has Known false, the text [Unknown] and
// one byte, or more if the encoding says how many. Only empty code makes an
// instruction without bytes. It does not keep code.
func Decode(code []byte, at tracer.Addr, arch tracer.Arch) Inst {
	if len(code) > MaxLen {
		code = code[:MaxLen]
	}
	i := Inst{Addr: at, Text: Unknown, Arch: arch}
	mode := 64
	if arch == tracer.I386 {
		mode = 32
	}

	outline := parse(code, mode)
	if outline.length > 0 {
		if name, op, ok := outline.name(code, mode); ok {
			i.take(code, outline.length, op, name)
			return i
		}
	}
	if op, ok := outline.decode(code, mode); ok {
		i.take(code, op.Len, op, mnemonic(op))
		return i
	}
	n := min(1, len(code))
	if outline.length > 0 {
		n = outline.length
	}
	i.Bytes = append([]byte(nil), code[:n]...)
	return i
}

// decode asks x86asm.
func (o outline) decode(code []byte, mode int) (op x86asm.Inst, ok bool) {
	if o.vex != 0 {
		return o.vector(code, mode)
	}
	if o.refused() {
		return op, false
	}
	op, err := x86asm.Decode(known(code, mode), mode)
	extend(&op)
	return op, err == nil && op.Op != 0 && 0 < op.Len && op.Len <= len(code)
}

func (i *Inst) take(code []byte, length int, op x86asm.Inst, name string) {
	i.Bytes = append([]byte(nil), code[:length]...)
	i.Op, i.Known = op, true
	i.Text = intel(op, name, i.Next(), mask(i.Bytes))
}
