package meaning

import (
	"encoding/hex"
	"strings"
	"testing"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

// start is a register state of 64-bit code at 0x401000.
var start = tracer.Regs{RIP: 0x401000, RSP: 0x7ff0, CS: 0x33, SS: 0x2b, EFLAGS: 0x202}

func bytesOf(t testing.TB, text string) []byte {
	t.Helper()
	code, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// with returns the state, changed.
func with(r tracer.Regs, change func(*tracer.Regs)) tracer.Regs {
	change(&r)
	return r
}

type regs = *tracer.Regs

// example is an instruction that was executed, and what is said of it. The state
// after is that before with a change, and rip at the next instruction unless the
// change sets it.
type example struct {
	code          string
	before, after func(regs)
	want          string
}

// means holds the sentences of examples, which run in the code segment of a state.
func means(t *testing.T, state tracer.Regs, examples []example) {
	t.Helper()
	for _, e := range examples {
		i := disasm.Decode(bytesOf(t, e.code), tracer.Addr(state.RIP), state.Arch())
		before := state
		if e.before != nil {
			e.before(&before)
		}
		after := with(before, func(r regs) { r.RIP = tracer.Word(i.Next()) })
		if e.after != nil {
			e.after(&after)
		}
		if got := Of(i, before, after); got != e.want {
			t.Errorf("%s %s:\n got %s\nwant %s", e.code, i.Text, got, e.want)
		}
	}
}

func TestMeaning(t *testing.T) {
	means(t, start, []example{
		{"bf 01 00 00 00", nil, func(r regs) { r.RDI = 1 }, "rdi becomes 1."},
		{"b0 05", nil, func(r regs) { r.RAX = 5 }, "al becomes 5."},
		{"48 89 c7", func(r regs) { r.RAX = 7 }, func(r regs) { r.RDI = 7 }, "rdi becomes 7, the value of rax."},
		{"48 8b 47 08", func(r regs) { r.RDI = 0x402000 }, func(r regs) { r.RAX = 3 }, "rax becomes 3, read from 0x402008."},
		{"48 89 bd 78 ff ff ff", func(r regs) { r.RBP, r.RDI = 0x8000, 9 }, nil, "The 8 bytes at 0x7f78 become 9, the value of rdi."},
		{"c6 05 00 10 00 00 05", nil, nil, "The byte at 0x402007 becomes 5."},
		{"8e d0", func(r regs) { r.RAX = 0x2b }, nil, "ss becomes 0x2b, the value of eax."},
		{"8e d0", func(r regs) { r.RAX = 0x2b }, func(r regs) { r.RIP = 0x401007; r.RBX = 1 },
			"ss becomes 0x2b, the value of eax. The processor takes no trap after this: the next instruction has run too."},
		{"0f a2", func(r regs) { r.RAX = 1 }, func(r regs) { r.RAX = 0x906ea },
			"Asks the processor about itself, leaf 0x1: the answer is in eax, ebx, ecx and edx."},
		{"0f a2", nil, func(r regs) { r.RIP = 0x401005 },
			"Asks the processor about itself, leaf 0x0. The virtual machine answers without a trap: what follows has run too, up to 0x401005."},
		{"48 8d 35 f9 0f 00 00", nil, func(r regs) { r.RSI = 0x402000 }, "rsi becomes 0x402000: the address is computed, and no memory is read."},
		{"31 c0", func(r regs) { r.RAX = 9 }, func(r regs) { r.RAX = 0 }, "rax becomes 0: anything xor itself is 0."},
		{"48 83 ec 28", nil, func(r regs) { r.RSP -= 40 }, "rsp becomes 0x7fc8: 0x7ff0 - 40."},
		{"48 01 d8", func(r regs) { r.RAX, r.RBX = 3, 4 }, func(r regs) { r.RAX = 7 }, "rax becomes 7: 3 + 4."},
		{"83 00 ff", func(r regs) { r.RAX = 0x402000 }, nil, "-1 is added to the 4 bytes at 0x402000."},
		{"48 83 e4 f0", func(r regs) { r.RSP = 0x7ff8 }, func(r regs) { r.RSP = 0x7ff0 }, "rsp becomes 0x7ff0: 0x7ff8 and -16."},
		{"48 ff c0", func(r regs) { r.RAX = 4 }, func(r regs) { r.RAX = 5 }, "rax becomes 5: 4 + 1."},
		{"48 c1 e0 03", func(r regs) { r.RAX = 1 }, func(r regs) { r.RAX = 8 }, "rax becomes 8: 1 shifted left by 3 bits."},
		{"d3 e8", func(r regs) { r.RAX, r.RCX = 8, 33 }, func(r regs) { r.RAX = 4 }, "eax becomes 4: 8 shifted right by 1 bit."},
		{"6b c3 05", func(r regs) { r.RBX = 3 }, func(r regs) { r.RAX = 15 }, "eax becomes 15: 3 * 5."},
		{"48 87 d8", func(r regs) { r.RAX, r.RBX = 1, 2 }, func(r regs) { r.RAX, r.RBX = 2, 1 }, "rax becomes 2 and rbx becomes 1: they change places."},
		{"0f b6 07", func(r regs) { r.RDI = 0x402000 }, func(r regs) { r.RAX = 65 }, "rax becomes 65: the byte at 0x402000, zero-extended."},
		{"83 f8 05", func(r regs) { r.RAX = 7 }, nil, "Compares eax (7) with 5: they differ, so ZF is clear."},
		{"83 f8 05", func(r regs) { r.RAX = 5 }, func(r regs) { r.EFLAGS |= zero }, "Compares eax (5) with 5: they are equal, so ZF is set."},
		{"48 85 c0", nil, func(r regs) { r.EFLAGS |= zero }, "Tests rax: it is 0, so ZF is set."},

		{"68 05 10 40 00", nil, func(r regs) { r.RSP -= 8 }, "The stack pointer goes down by 8 and 0x401005 is stored there."},
		{"58", nil, func(r regs) { r.RSP += 8; r.RAX = 5 }, "rax becomes 5, taken from the stack; the stack pointer goes up by 8."},
		{"9c", nil, func(r regs) { r.RSP -= 8 }, "The stack pointer goes down by 8 and the flags are stored there."},
		{"9d", nil, func(r regs) { r.RSP += 8; r.EFLAGS = 0x246 }, "The flags become 0x246, taken from the stack; the stack pointer goes up by 8."},
		{"c9", func(r regs) { r.RBP = 0x8000 }, func(r regs) { r.RSP, r.RBP = 0x8008, 1 },
			"rsp becomes 0x8008, just above where rbp pointed, and rbp becomes 1, read from there."},
		{"e8 fb 00 00 00", nil, func(r regs) { r.RSP -= 8; r.RIP = 0x401100 },
			"Calls 0x401100. The stack pointer goes down by 8 and the word 0x401005 is stored there: the return address."},
		{"c3", nil, func(r regs) { r.RSP += 8; r.RIP = 0x401005 }, "Returns to 0x401005, the word on top of the stack; the stack pointer goes up by 8."},
		{"ff e0", func(r regs) { r.RAX = 0x401234 }, func(r regs) { r.RIP = 0x401234 }, "Jumps to 0x401234, the value of rax."},
		{"75 1e", nil, func(r regs) { r.RIP = 0x401020 }, "Jumps to 0x401020, because ZF is clear."},
		{"75 1e", func(r regs) { r.EFLAGS |= zero }, nil, "Does not jump to 0x401020, because ZF is set."},
		{"7f 1e", func(r regs) { r.EFLAGS |= sign }, nil, "Does not jump to 0x401020, because SF and OF differ."},
		{"76 1e", func(r regs) { r.EFLAGS |= carry }, func(r regs) { r.RIP = 0x401020 }, "Jumps to 0x401020, because CF is set."},
		{"e2 fe", func(r regs) { r.RCX = 3 }, func(r regs) { r.RCX = 2; r.RIP = 0x401000 },
			"rcx goes down to 2. Jumps to 0x401000, because rcx is not 0."},
		{"0f 94 c0", func(r regs) { r.EFLAGS |= zero }, func(r regs) { r.RAX = 1 }, "al becomes 1, because ZF is set."},
		{"48 0f 45 c3", func(r regs) { r.RBX = 5 }, func(r regs) { r.RAX = 5 }, "rax becomes 5, the value of rbx, because ZF is clear."},
		{"48 0f 44 c3", func(r regs) { r.RBX = 5 }, nil, "Nothing is moved, because ZF is clear; rax is 0."},

		{"cc", nil, nil, "A breakpoint: the kernel makes a SIGTRAP of it."},

		{"f3 aa", func(r regs) { r.RCX, r.RAX, r.RDI = 10, 0x122a, 0x402000 },
			func(r regs) { r.RCX, r.RDI, r.RIP = 9, 0x402001, 0x401000 }, "One byte, 0x2a, goes to 0x402000; 9 remain in rcx."},
		{"f3 aa", nil, nil, "rcx is 0, so nothing happens."},
		{"f3 48 a5", func(r regs) { r.RCX, r.RSI, r.RDI = 1, 0x1000, 0x2000 },
			func(r regs) { r.RCX, r.RSI, r.RDI = 0, 0x1008, 0x2008 }, "8 bytes are copied from 0x1000 to 0x2000; 0 remain in rcx."},
		{"90", nil, nil, "Does nothing."},
		{"f3 0f 1e fa", nil, nil, "Marks a place that an indirect jump or call may go to. It changes no register."},
		{"0f c8", func(r regs) { r.RAX = 1 }, func(r regs) { r.RAX = 0x1000000 }, "eax becomes 0x1000000: the bytes of 1 in reverse."},
		{"06", nil, func(r regs) { r.RBX = 1; r.EFLAGS = 0 }, "Changes rbx to 0x1 and the flags."},

		// What ptrace shows are not all registers that there are.
		{"0f ae 17", nil, nil, "Changes no register that ptrace shows here."},       // ldmxcsr
		{"0f 77", nil, nil, "Changes no register that ptrace shows here."},          // emms
		{"0f 01 ef", nil, nil, "Changes no register that ptrace shows here."},       // wrpkru
		{"f3 48 0f ae e8", nil, nil, "Changes no register that ptrace shows here."}, // incsspq
		{"d9 e8", nil, nil, "Changes no general register."},                         // fld1

		// After a popf the trap flag of the steps shows.
		{"90", nil, func(r regs) { r.EFLAGS |= 0x100 }, "Does nothing. The trap flag in eflags is the step's own."},
		{"0f 77", nil, func(r regs) { r.EFLAGS |= 0x100 }, "Changes no register that ptrace shows here. The trap flag in eflags is the step's own."},

		// Until its last round a string instruction leaves the flags alone.
		{"f3 a6", func(r regs) { r.RCX, r.RSI, r.RDI = 3, 0x1000, 0x2000 },
			func(r regs) { r.RCX, r.RSI, r.RDI, r.RIP = 2, 0x1001, 0x2001, 0x401000 },
			"Compares the byte at 0x1000 with the byte at 0x2000: they are equal; 2 remain in rcx."},
		{"f2 ae", func(r regs) { r.RCX, r.RDI, r.EFLAGS = 3, 0x2000, r.EFLAGS|zero },
			func(r regs) { r.RCX, r.RDI, r.RIP = 2, 0x2001, 0x401000 }, "Compares 0x0 with the byte at 0x2000: they differ; 2 remain in rcx."},
		{"f2 ae", func(r regs) { r.RCX, r.RDI = 3, 0x2000 },
			func(r regs) { r.RCX, r.RDI, r.EFLAGS = 2, 0x2001, r.EFLAGS|zero }, "Compares 0x0 with the byte at 0x2000: they are equal; 2 remain in rcx."},
		{"aa", func(r regs) { r.RDI, r.EFLAGS = 0x2000, r.EFLAGS|direction }, func(r regs) { r.RDI-- }, "One byte, 0x0, goes to 0x2000."},
		{"ab", func(r regs) { r.RDI = 0x2000 }, func(r regs) { r.RDI += 8 }, "Changes rdi to 0x2008."}, // it moves 4

		// Locked instructions.
		{"f0 0f b1 0f", func(r regs) { r.RAX, r.RCX, r.RDI = 3, 4, 0x402000 }, func(r regs) { r.EFLAGS |= zero },
			"The 4 bytes at 0x402000 equal eax (3), so ZF is set and 4, the value of ecx, goes there."},
		{"f0 0f b1 0f", func(r regs) { r.RAX, r.RDI = 3, 0x402000 }, func(r regs) { r.RAX = 5 },
			"eax becomes 5, read from 0x402000: it is not 3, so ZF is clear and nothing is stored."},
		{"f0 0f c1 07", func(r regs) { r.RAX, r.RDI = 3, 0x402000 }, func(r regs) { r.RAX = 5 },
			"eax becomes 5, read from 0x402000; its old value, 3, is added there."},
		{"87 07", func(r regs) { r.RAX, r.RDI = 3, 0x402000 }, func(r regs) { r.RAX = 5 }, "eax becomes 5, read from 0x402000; its old value, 3, goes there."},
		{"0f a3 d8", func(r regs) { r.RAX, r.RBX = 8, 35 }, func(r regs) { r.EFLAGS |= carry }, "Bit 3 of eax (8) is 1, so CF is set."},
		{"0f ba e8 03", nil, func(r regs) { r.RAX = 8 }, "eax becomes 8: 0 with bit 3 set; it was 0, so CF is clear."},
		{"48 11 d8", func(r regs) { r.RAX, r.RBX, r.EFLAGS = 3, 4, r.EFLAGS|carry }, func(r regs) { r.RAX = 8 }, "rax becomes 8: 3 + 4 + 1, the carry flag."},
		{"3c ff", func(r regs) { r.RAX = 255 }, func(r regs) { r.EFLAGS |= zero }, "Compares al (255) with 255: they are equal, so ZF is set."},
		{"3c ff", func(r regs) { r.RAX = 255 }, nil, "Changes no register that ptrace shows here."}, // they are equal, and ZF says that they differ
		{"f1", nil, nil, "The processor raises a debug exception, as a step does: the kernel makes a SIGTRAP of it."},

		// A signal came between: no claim that the instruction did its work.
		{"48 8b 07", nil, func(r regs) { r.RIP = 0x401000 }, "It has not completed: execution is still at 0x401000."},
		{"48 8b 07", nil, func(r regs) { r.RIP = 0x409000 }, "Execution goes on at 0x409000, not at the next instruction."},
	})
}

// narrow is a register state of 32-bit code.
var narrow = with(start, func(r regs) { r.CS, r.RSP, r.DS, r.ES = 0x23, 0xffffd000, 0x2b, 0x2b })

func TestMeaningI386(t *testing.T) {
	means(t, narrow, []example{
		{"bb 01 00 00 00", nil, func(r regs) { r.RBX = 1 }, "ebx becomes 1."},
		{"83 e8 0f", func(r regs) { r.RAX = 5 }, func(r regs) { r.RAX = 0xfffffff6 }, "eax becomes -10: 5 - 15."},
		{"8b 03", func(r regs) { r.RBX = 0x402000 }, func(r regs) { r.RAX = 3 }, "eax becomes 3, read from 0x402000."},
		{"65 a1 10 00 00 00", nil, func(r regs) { r.RAX = 3 }, "eax becomes 3, read from an address in segment gs."},
		{"8b 03", func(r regs) { r.DS = 0x63 }, func(r regs) { r.RAX = 3 }, "eax becomes 3, read from an address in segment ds."},
		{"36 8b 03", func(r regs) { r.RBX, r.DS = 0x402000, 0x63 }, func(r regs) { r.RAX = 3 }, "eax becomes 3, read from 0x402000."},
		{"67 8d 44 fe", func(r regs) { r.RSI = 0x10001 }, func(r regs) { r.RAX = 0xffff }, "eax becomes 0xffff: the address is computed, and no memory is read."},
		{"ff d0", func(r regs) { r.RAX = 0x8049000 }, func(r regs) { r.RSP, r.RIP = r.RSP-4, 0x8049000 },
			"Calls 0x8049000, the value of eax; the return address, 0x401002, is stored on the stack."},
		{"f3 a5", func(r regs) { r.RCX, r.RSI, r.RDI = 2, 0x1000, 0x2000 },
			func(r regs) { r.RCX, r.RSI, r.RDI, r.RIP = 1, 0x1004, 0x2004, 0x401000 }, "4 bytes are copied from 0x1000 to 0x2000; 1 remains in ecx."},
	})
}
