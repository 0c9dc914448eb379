// Package meaning says in one plain sentence what an executed instruction did.
//
// A sentence says what the bytes and the registers before and after prove, and
// where they do not, which registers changed: unknown is an answer, wrong is not.
// Package sentencecheck, below, holds sentences against the registers and memory
// without a line of this package.
package meaning

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/x86"
)

// maxSentence is how many bytes a sentence has at most.
const maxSentence = 140

// Of says in one sentence what the instruction did, with live values.
// before and after are the registers at the stops before and after it. It
// claims no more than they and the bytes prove; what memory holds they do not
// prove. Where the registers are not what the instruction makes of them, it
// names those that changed and no more. A sentence has at most 140 bytes, all
// ASCII.
func Of(i disasm.Inst, before, after tracer.Regs) string {
	s := step{i, before, after}
	text := ""
	if tell := meanings[i.Op.Op]; tell != nil && i.Known {
		text = tell(s)
	} else if i.Known && len(after.Changed(before)) < 2 {
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
func Intent(i disasm.Inst, before tracer.Regs) string {
	s := step{i, before, before}
	if i.Known && s.EntersKernel() {
		return s.call() + s.exitStatus() + "."
	}
	return "What it did is not seen: no stop follows it."
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
	if size, _ := disasm.StringOp(s.Op.Op); size > 0 && rip == s.Addr {
		_, was := s.counter(s.before)
		_, is := s.counter(s.after)
		return s.repeats() && was != is
	}
	switch s.Op.Op {
	case x86asm.CPUID, x86asm.SGDT, x86asm.SIDT, x86asm.SMSW, x86asm.SLDT, x86asm.STR:
		return true
	}
	return s.shadows()
}

// leaves says whether the instruction may go on anywhere.
func (s step) leaves() bool {
	switch s.Op.Op {
	case x86asm.JMP, x86asm.LJMP, x86asm.CALL, x86asm.LCALL, x86asm.RET, x86asm.LRET, x86asm.IRET, x86asm.IRETD, x86asm.IRETQ,
		x86asm.SYSCALL, x86asm.SYSENTER, x86asm.INT, x86asm.INTO, x86asm.UD2, x86asm.XBEGIN, x86asm.XABORT, x86asm.XEND,
		x86asm.LOOP, x86asm.LOOPE, x86asm.LOOPNE, x86asm.JCXZ, x86asm.JECXZ, x86asm.JRCXZ:
		return true
	}
	if _, ok := s.Op.Args[0].(x86asm.Rel); ok {
		return true
	}
	return false
}

// shadows says whether this is mov ss or pop ss. The processor takes no trap
// after them, so that the next instruction runs before the stop: Intel manual,
// volume 3, section "Masking exceptions and interrupts when switching stacks".
func (s step) shadows() bool {
	return (s.Op.Op == x86asm.MOV || s.Op.Op == x86asm.POP) && s.Op.Args[0] == x86asm.SS
}

func (s step) elsewhere() string {
	rip := tracer.Addr(s.after.RIP)
	if rip == s.Addr {
		return "It has not completed: execution is still at " + rip.String() + "."
	}
	return "Execution goes on at " + rip.String() + ", not at the next instruction."
}

// stepsOwn closes a sentence that tells of all changes where one of them is not the
// instruction's. After a popf the kernel no longer hides the trap flag by which it
// steps: enable_single_step in arch/x86/kernel/step.c.
const stepsOwn = " The trap flag in eflags is the step's own."

// trapFlagShows says whether the flags differ in the trap flag alone, which is set.
func (s step) trapFlagShows() bool {
	return s.after.EFLAGS == s.before.EFLAGS|x86.TF && s.after.EFLAGS != s.before.EFLAGS
}

// general is the sentence for everything else: the registers that changed.
func (s step) general() string {
	var parts []string
	flags := false
	for _, name := range s.after.Changed(s.before) {
		switch name {
		case "rip", "eip", "orig_rax", "orig_eax":
		case "eflags":
			flags = !s.trapFlagShows()
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
	if s.trapFlagShows() {
		text += stepsOwn
	}
	return text
}

// kind is what user_regs_struct shows. It has neither the registers of the vector
// and floating-point units nor MXCSR, PKRU and their like, which ldmxcsr, emms and
// wrpkru change.
func (s step) kind() string {
	text := strings.TrimPrefix(s.Text, "lock ")
	if !s.Known || strings.HasPrefix(text, "f") || strings.HasPrefix(text, "v") {
		return "general register"
	}
	for _, a := range s.Op.Args {
		if r, ok := a.(x86asm.Reg); ok {
			if _, plain := valueOf(r, s.before); !plain {
				return "general register"
			}
		}
	}
	return "register that ptrace shows here"
}

// list joins words as a sentence does: "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(slices.Clone(words[:last]), ", ") + " and " + words[last]
}
