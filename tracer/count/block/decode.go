package block

import (
	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer/x86"
	"ptwalk/tracer/x86/kind"
)

// class is what an instruction is to a block.
type class uint8

const (
	plain    class = iota // goes on to the next instruction
	branch                // a near jump, call or return: the engine carries it out
	call                  // a system call: PTRACE_SYSCALL stops at its entry
	repeat                // a string instruction that repeats: rcx tells its turns
	mustStep              // has to be stepped
)

// inst is one instruction as a block sees it.
type inst struct {
	size  int
	class class
	op    x86asm.Inst // of a branch
}

// decode looks at the first instruction of code, in 64-bit or 32-bit mode. What
// is not known is mustStep, and its size is 0.
func decode(code []byte, mode int) inst {
	if size := vexSize(code, mode); size > 0 {
		return inst{size: size}
	}
	if len(code) >= 4 && code[0] == 0xf3 && code[1] == 0x0f && code[2] == 0x1e && code[3]&^1 == 0xfa {
		return inst{size: 4} // endbr64, endbr32
	}
	op, err := x86asm.Decode(code, mode)
	if err != nil || op.Op == 0 || op.Len > len(code) { // Op is 0 where it knows no more than a prefix
		return inst{class: mustStep}
	}
	switch kind.Of(code).In(mode == 32) {
	case kind.Plain, kind.Pushf: // it stores its own flags: nobody steps it
		return inst{op.Len, classify(op), op}
	case kind.Call:
		return inst{op.Len, call, op}
	}
	return inst{op.Len, mustStep, op}
}

// classify tells branches and repeats from plain instructions, and those that have to
// be stepped for what the block engine does, not for what a step does.
func classify(op x86asm.Inst) class {
	switch op.Op {
	case x86asm.JMP, x86asm.CALL, x86asm.RET,
		x86asm.JA, x86asm.JAE, x86asm.JB, x86asm.JBE, x86asm.JE, x86asm.JG, x86asm.JGE, x86asm.JL, x86asm.JLE,
		x86asm.JNE, x86asm.JNO, x86asm.JNP, x86asm.JNS, x86asm.JO, x86asm.JP, x86asm.JS,
		x86asm.JCXZ, x86asm.JECXZ, x86asm.JRCXZ, x86asm.LOOP, x86asm.LOOPE, x86asm.LOOPNE:
		if prefixed(op, 0x66) || prefixed(op, 0x67) || prefixed(op, 0xf0) {
			return mustStep // processors differ in what they make of these, and refuse a lock
		}
		return branch
	case x86asm.LJMP, x86asm.LCALL, x86asm.LRET, x86asm.SYSEXIT, x86asm.SYSRET, x86asm.RSM, x86asm.INT, x86asm.INTO, x86asm.BOUND,
		x86asm.UD1, x86asm.UD2, x86asm.XBEGIN, x86asm.XABORT, x86asm.XEND, x86asm.LSS:
		return mustStep
	case x86asm.MOV:
		if isControl(op.Args[0]) || isControl(op.Args[1]) {
			return mustStep // it faults, and x86asm takes some for longer than they are
		}
	case x86asm.MOVSB, x86asm.MOVSW, x86asm.MOVSD, x86asm.MOVSQ, x86asm.STOSB, x86asm.STOSW, x86asm.STOSD, x86asm.STOSQ,
		x86asm.LODSB, x86asm.LODSW, x86asm.LODSD, x86asm.LODSQ, x86asm.CMPSB, x86asm.CMPSW, x86asm.CMPSD, x86asm.CMPSQ,
		x86asm.SCASB, x86asm.SCASW, x86asm.SCASD, x86asm.SCASQ, x86asm.INSB, x86asm.INSW, x86asm.INSD,
		x86asm.OUTSB, x86asm.OUTSW, x86asm.OUTSD:
		switch {
		case !prefixed(op, 0xf2) && !prefixed(op, 0xf3):
		case prefixed(op, 0x67):
			return mustStep // it counts in another register
		default:
			return repeat
		}
	}
	return plain
}

// isControl says whether an operand is a control, debug or test register.
func isControl(arg x86asm.Arg) bool {
	r, ok := arg.(x86asm.Reg)
	return ok && x86asm.CR0 <= r && r <= x86asm.TR7
}

func prefixed(op x86asm.Inst, b x86asm.Prefix) bool {
	for _, p := range op.Prefix {
		if p == 0 {
			return false
		}
		if p&0xff == b {
			return true
		}
	}
	return false
}

// vexSize is the size of an instruction with a VEX or EVEX prefix, and 0 of any
// other. They are new forms of plain instructions, with a ModRM byte each but
// vzeroupper, and with an immediate byte in few of map 1 and all of map 3: the
// processor's manual, volume 2, "Instruction Format" and the opcode maps. x86asm
// takes vzeroupper for one of four bytes.
func vexSize(code []byte, mode int) int {
	at := 0
	for at < len(code) && isSegment(code[at]) {
		at++
	}
	if at+1 >= len(code) {
		return 0
	}
	var opmap byte
	op := at
	switch code[at] {
	case 0xc5:
		opmap, op = 1, at+2
	case 0xc4:
		opmap, op = code[at+1]&0x1f, at+3
	case 0x62:
		opmap, op = code[at+1]&7, at+4
	default:
		return 0
	}
	if mode == 32 && code[at+1]>>6 != 3 {
		return 0 // les, lds or bound
	}
	if op >= len(code) || opmap == 0 || opmap > 6 || opmap == 4 {
		return 0
	}
	size := op + 1
	if code[at] != 0x62 && opmap == 1 && code[op] == 0x77 {
		return size
	}
	n := modrmSize(code[size:])
	if n == 0 {
		return 0
	}
	size += n
	if opmap == 3 || opmap == 1 && hasImmediate(code[op]) {
		size++
	}
	if size > x86.LongestInstruction || size > len(code) {
		return 0
	}
	return size
}

func isSegment(b byte) bool {
	switch b {
	case 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65:
		return true
	}
	return false
}

func hasImmediate(op byte) bool {
	switch op {
	case 0x70, 0x71, 0x72, 0x73, 0xc2, 0xc4, 0xc5, 0xc6:
		return true
	}
	return false
}

// modrmSize is the size of a ModRM byte with its SIB byte and displacement, in
// 64-bit and 32-bit addressing.
func modrmSize(code []byte) int {
	if len(code) == 0 {
		return 0
	}
	mod, rm := code[0]>>6, code[0]&7
	if mod == 3 {
		return 1
	}
	size := 1
	if rm == 4 {
		if len(code) < 2 {
			return 0
		}
		size++
		if mod == 0 && code[1]&7 == 5 {
			size += 4
		}
	}
	switch {
	case mod == 0 && rm == 5, mod == 2:
		size += 4
	case mod == 1:
		size++
	}
	return size
}
