package disasm

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
)

// maxSentence is how many bytes a sentence has at most.
const maxSentence = 140

// Meaning says in one sentence what the instruction did, with live values.
// before and after are the registers at the stops before and after it. It
// claims no more than they and the bytes prove; what memory holds they do not
// prove. A sentence has at most 140 bytes, all ASCII.
func (i Inst) Meaning(before, after tracer.Regs) string {
	s := step{i, before, after}
	text := ""
	if tell := meanings[i.op.Op]; tell != nil && i.Known {
		text = tell(s)
	} else if i.Known {
		text = named[i.Text]
	}
	if text == "" || len(text) > maxSentence {
		text = s.general()
	}
	if !s.straight() {
		return s.elsewhere()
	}
	return text
}

// Intent says what the instruction is about to do where no stop follows it,
// as with the system call exit. before are the registers at the stop before it.
func (i Inst) Intent(before tracer.Regs) string {
	s := step{i, before, before}
	if i.Known && s.EntersKernel() {
		return s.call() + s.exitStatus() + "."
	}
	return "What it did is not seen: no stop follows it."
}

// meanings has a function for each instruction that has a sentence of its own.
// A function returns "" where the general sentence is better.
var meanings = map[x86asm.Op]func(step) string{}

func init() {
	for op, tell := range map[x86asm.Op]func(step) string{
		x86asm.MOV: move, x86asm.MOVZX: widen("zero-extended"), x86asm.MOVSX: widen("sign-extended"), x86asm.MOVSXD: widen("sign-extended"),
		x86asm.LEA: address, x86asm.XCHG: exchange, x86asm.PUSH: push, x86asm.POP: pop, x86asm.LEAVE: leave,
		x86asm.PUSHF: pushFlags, x86asm.PUSHFD: pushFlags, x86asm.PUSHFQ: pushFlags,
		x86asm.POPF: popFlags, x86asm.POPFD: popFlags, x86asm.POPFQ: popFlags,
		x86asm.CDQE: widenRAX, x86asm.CWDE: widenRAX, x86asm.CDQ: spreadSign, x86asm.CQO: spreadSign,

		x86asm.ADD: arithmetic("+", "is added to"), x86asm.SUB: arithmetic("-", "is subtracted from"),
		x86asm.AND: arithmetic("and", "is and-ed into"), x86asm.OR: arithmetic("or", "is or-ed into"),
		x86asm.XOR: xor, x86asm.INC: byOne("+ 1", "up"), x86asm.DEC: byOne("- 1", "down"),
		x86asm.NEG: alone("negated"), x86asm.NOT: alone("with every bit turned over"),
		x86asm.SHL: shift("shifted left"), x86asm.SHR: shift("shifted right"), x86asm.SAR: shift("shifted right with its sign"),
		x86asm.ROL: shift("rotated left"), x86asm.ROR: shift("rotated right"),
		x86asm.IMUL: multiply, x86asm.MUL: multiply, x86asm.DIV: divide, x86asm.IDIV: divide,
		x86asm.CMP: compare, x86asm.TEST: testBits,
		x86asm.CLD: oneFlag("DF", direction), x86asm.STD: oneFlag("DF", direction),
		x86asm.CLC: oneFlag("CF", carry), x86asm.STC: oneFlag("CF", carry), x86asm.CMC: oneFlag("CF", carry),

		x86asm.CALL: call, x86asm.RET: ret, x86asm.JMP: jump, x86asm.LOOP: loop, x86asm.JRCXZ: jumpIfZero, x86asm.JECXZ: jumpIfZero,
		x86asm.SYSCALL: systemCall, x86asm.INT: interrupt, x86asm.SYSENTER: sysenter,
		x86asm.NOP: nothing, x86asm.PAUSE: nothing, x86asm.CPUID: cpuid,
		x86asm.SGDT: kernels, x86asm.SIDT: kernels, x86asm.SMSW: kernels, x86asm.SLDT: kernels, x86asm.STR: kernels,
		x86asm.RDTSC: timeStamp, x86asm.RDTSCP: timeStamp,

		x86asm.STOSB: store, x86asm.STOSW: store, x86asm.STOSD: store, x86asm.STOSQ: store,
		x86asm.MOVSB: copyString, x86asm.MOVSW: copyString, x86asm.MOVSD: copyString, x86asm.MOVSQ: copyString,
		x86asm.LODSB: load, x86asm.LODSW: load, x86asm.LODSD: load, x86asm.LODSQ: load,
		x86asm.SCASB: scan, x86asm.SCASW: scan, x86asm.SCASD: scan, x86asm.SCASQ: scan,
		x86asm.CMPSB: scan, x86asm.CMPSW: scan, x86asm.CMPSD: scan, x86asm.CMPSQ: scan,

		x86asm.MOVUPS: vector, x86asm.MOVAPS: vector, x86asm.MOVUPD: vector, x86asm.MOVAPD: vector, x86asm.MOVDQU: vector,
		x86asm.MOVDQA: vector, x86asm.VMOVDQU: vector, x86asm.VMOVDQA: vector, x86asm.VMOVUPS: vector, x86asm.VMOVAPS: vector,
	} {
		meanings[op] = tell
	}
}

// named are the sentences of instructions that x86asm has no Op for.
var named = map[string]string{
	"endbr64": "Marks a place that an indirect jump or call may go to. It changes no register.",
	"endbr32": "Marks a place that an indirect 32-bit jump or call may go to. It changes no register.",
}

// straight says whether the step went on where this instruction, and no
// signal, takes it. What may go anywhere is always straight.
func (s step) straight() bool {
	if !s.Known || s.leaves() {
		return true
	}
	rip := tracer.Addr(s.after.RIP)
	if rip == s.Next() {
		return true
	}
	if size, _ := stringOp(s.op.Op); size > 0 && rip == s.Addr {
		_, was := s.counter(s.before)
		_, is := s.counter(s.after)
		return s.repeats() && was != is
	}
	switch s.op.Op {
	case x86asm.CPUID, x86asm.SGDT, x86asm.SIDT, x86asm.SMSW, x86asm.SLDT, x86asm.STR:
		return true
	}
	return s.shadows()
}

// leaves says whether the instruction may go on anywhere.
func (s step) leaves() bool {
	switch s.op.Op {
	case x86asm.JMP, x86asm.LJMP, x86asm.CALL, x86asm.LCALL, x86asm.RET, x86asm.LRET, x86asm.IRET, x86asm.IRETD, x86asm.IRETQ,
		x86asm.SYSCALL, x86asm.SYSENTER, x86asm.INT, x86asm.INTO, x86asm.UD2, x86asm.XBEGIN, x86asm.XABORT, x86asm.XEND,
		x86asm.LOOP, x86asm.LOOPE, x86asm.LOOPNE, x86asm.JCXZ, x86asm.JECXZ, x86asm.JRCXZ:
		return true
	}
	if _, ok := s.op.Args[0].(x86asm.Rel); ok {
		return true
	}
	return false
}

// shadows says whether this is mov ss or pop ss. The processor takes no trap
// after them, so that the next instruction runs before the stop: Intel manual,
// volume 3, section "Masking exceptions and interrupts when switching stacks".
func (s step) shadows() bool {
	return (s.op.Op == x86asm.MOV || s.op.Op == x86asm.POP) && s.op.Args[0] == x86asm.SS
}

func (s step) elsewhere() string {
	rip := tracer.Addr(s.after.RIP)
	if rip == s.Addr {
		return "It has not completed: execution is still at " + rip.String() + "."
	}
	return "Execution goes on at " + rip.String() + ", not at the next instruction."
}

// general is the sentence for everything else: the registers that changed.
func (s step) general() string {
	var parts []string
	flags := false
	for _, name := range s.after.Changed(s.before) {
		switch name {
		case "rip", "eip", "orig_rax", "orig_eax":
		case "eflags":
			flags = true
		default:
			w, _ := s.after.Get(name)
			parts = append(parts, name+" to "+w.Hex())
		}
	}
	const shown = 3
	if more := len(parts) - shown; more > 0 {
		parts = append(parts[:shown], fmt.Sprintf("%d more", more))
	}
	if flags {
		parts = append(parts, "the flags")
	}
	text := "Changes " + list(parts) + "."
	if len(parts) == 0 {
		text = "Changes no " + s.kind() + "."
	}
	if rip := tracer.Addr(s.after.RIP); s.leaves() && rip != s.Next() {
		text += " Execution goes on at " + rip.String() + "."
	}
	return text
}

// kind is what the user_regs_struct shows: all registers that there are, but
// for those of the vector and floating-point units.
func (s step) kind() string {
	text := strings.TrimPrefix(s.Text, "lock ")
	if !s.Known || strings.HasPrefix(text, "f") || strings.HasPrefix(text, "v") || strings.HasPrefix(text, "x") {
		return "general register"
	}
	for _, a := range s.op.Args {
		if r, ok := a.(x86asm.Reg); ok {
			if _, plain := valueOf(r, s.before); !plain {
				return "general register"
			}
		}
	}
	return "register"
}

// list joins words as a sentence does: "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(slices.Clone(words[:last]), ", ") + " and " + words[last]
}

// bytesAt is "the byte at 0x402000" or "the 4 bytes at 0x402000".
func bytesAt(n int, where string) string {
	switch n {
	case 0:
		return "the memory at " + where
	case 1:
		return "the byte at " + where
	}
	return fmt.Sprintf("the %d bytes at %s", n, where)
}

// sentence begins with a capital letter, but for the name of a register.
func sentence(text string) string {
	if strings.HasPrefix(text, "the ") {
		return "T" + text[1:]
	}
	return text
}
