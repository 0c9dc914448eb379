package disasm

import (
	"testing"

	"ptwalk/tracer"
)

// start is a register state of 64-bit code at 0x401000.
var start = tracer.Regs{RIP: 0x401000, RSP: 0x7ff0, CS: 0x33, SS: 0x2b, EFLAGS: 0x202}

// with returns the state, changed.
func with(r tracer.Regs, change func(*tracer.Regs)) tracer.Regs {
	change(&r)
	return r
}

// The state after is that before with change, and rip at the next instruction
// unless change sets it.
func TestMeaning(t *testing.T) {
	type regs = *tracer.Regs
	for _, test := range []struct {
		code          string
		before, after func(regs)
		want          string
	}{
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

		{"0f 05", func(r regs) { r.RAX = 1 }, func(r regs) { r.RAX, r.RCX = 22, 0x401002 }, "The kernel runs system call 1, write. Its result is 22."},
		{"0f 05", func(r regs) { r.RAX = 1 }, func(r regs) { r.RAX = 1<<64 - 9 }, "The kernel runs system call 1, write. It fails: the result is -9, EBADF."},
		{"0f 05", func(r regs) { r.RAX = 59 }, func(r regs) { r.RAX, r.RIP = 0, 0x500000 }, "The kernel runs system call 59, execve. Execution goes on at 0x500000."},
		{"cd 80", func(r regs) { r.RAX = 4 }, func(r regs) { r.RAX = 23 }, "The kernel runs i386 system call 4, write. Its result is 23."},
		{"cc", nil, nil, "A breakpoint: the kernel makes a SIGTRAP of it."},

		{"f3 aa", func(r regs) { r.RCX, r.RAX, r.RDI = 10, 0x122a, 0x402000 },
			func(r regs) { r.RCX, r.RDI, r.RIP = 9, 0x402001, 0x401000 }, "One byte, 0x2a, goes to 0x402000; 9 remain in rcx."},
		{"f3 aa", nil, nil, "rcx is 0, so nothing happens."},
		{"f3 48 a5", func(r regs) { r.RCX, r.RSI, r.RDI = 1, 0x1000, 0x2000 },
			func(r regs) { r.RCX, r.RSI, r.RDI = 0, 0x1008, 0x2008 }, "8 bytes are copied from 0x1000 to 0x2000; 0 remain in rcx."},
		{"90", nil, nil, "Does nothing."},
		{"f3 0f 1e fa", nil, nil, "Marks a place that an indirect jump or call may go to. It changes no register."},
		{"0f c8", func(r regs) { r.RAX = 1 }, func(r regs) { r.RAX = 0x1000000 }, "eax becomes 0x1000000: the bytes of 1 in reverse."},
		{"48 0f af 07", func(r regs) { r.RAX = 2; r.RDI = 0x402000 }, func(r regs) { r.RAX = 6 }, "rax becomes 6: 2 * the 8 bytes at 0x402000."},
		{"66 0f ef c0", nil, nil, "Changes no general register."},
		{"06", nil, func(r regs) { r.RBX = 1; r.EFLAGS = 0 }, "Changes rbx to 0x1 and the flags."},

		// A signal came between: no claim that the instruction did its work.
		{"48 8b 07", nil, func(r regs) { r.RIP = 0x401000 }, "It has not completed: execution is still at 0x401000."},
		{"48 8b 07", nil, func(r regs) { r.RIP = 0x409000 }, "Execution goes on at 0x409000, not at the next instruction."},
	} {
		i := Decode(bytesOf(t, test.code), 0x401000, tracer.X8664)
		before := start
		if test.before != nil {
			test.before(&before)
		}
		after := with(before, func(r regs) { r.RIP = tracer.Word(i.Next()) })
		if test.after != nil {
			test.after(&after)
		}
		if got := i.Meaning(before, after); got != test.want {
			t.Errorf("%s %s:\n got %s\nwant %s", test.code, i.Text, got, test.want)
		}
	}
}

func TestMeaningI386(t *testing.T) {
	before := with(start, func(r *tracer.Regs) { r.CS, r.RAX, r.RSP = 0x23, 4, 0xffffd000 })
	after := with(before, func(r *tracer.Regs) { r.RIP, r.RAX = 0x401002, 0xfffffff7 })
	i := Decode(bytesOf(t, "cd 80"), 0x401000, tracer.I386)
	if got, want := i.Meaning(before, after), "The kernel runs system call 4, write. It fails: the result is -9, EBADF."; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	after = with(before, func(r *tracer.Regs) { r.RIP, r.RBX = 0x401005, 1 })
	i = Decode(bytesOf(t, "bb 01 00 00 00"), 0x401000, tracer.I386)
	if got, want := i.Meaning(before, after), "ebx becomes 1."; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestIntent(t *testing.T) {
	for _, test := range []struct {
		code string
		arch tracer.Arch
		regs tracer.Regs
		want string
	}{
		{"0f 05", tracer.X8664, tracer.Regs{RAX: 60, RDI: 1}, "The kernel runs system call 60, exit: status 1."},
		{"0f 05", tracer.X8664, tracer.Regs{RAX: 231, RDI: 256 + 7}, "The kernel runs system call 231, exit_group: status 7."},
		{"cd 80", tracer.I386, tracer.Regs{RAX: 1, RBX: 1}, "The kernel runs system call 1, exit: status 1."},
		{"cd 80", tracer.X8664, tracer.Regs{RAX: 1}, "The kernel runs i386 system call 1, exit: status 0."},
		{"90", tracer.X8664, tracer.Regs{}, "What it did is not seen: no stop follows it."},
	} {
		if got := Decode(bytesOf(t, test.code), 0, test.arch).Intent(test.regs); got != test.want {
			t.Errorf("%s: got %s\nwant %s", test.code, got, test.want)
		}
	}
}

// Whatever the bytes and the registers: no panic, a length that fits, and
// sentences of printable ASCII that end.
func FuzzDecode(f *testing.F) {
	for _, code := range []string{"0f 05", "f3 aa", "f3 0f 1e fa", "c5 f8 77", "8e d0", "64 48 8b 04 25 28 00 00 00", "0f 94 00", "48 f7 20"} {
		f.Add(bytesOf(f, code), uint64(0x401000), uint64(1), uint64(2), false)
	}
	f.Fuzz(func(t *testing.T, code []byte, at, a, b uint64, narrow bool) {
		arch, before := tracer.X8664, start
		if narrow {
			arch, before.CS = tracer.I386, 0x23
		}
		i := Decode(code, tracer.Addr(at), arch)
		if n := i.Len(); n > len(code) || n > MaxLen || n == 0 && len(code) > 0 {
			t.Fatalf("% x: length %d", code, n)
		}
		before.RIP, before.RAX, before.RCX, before.RSI = tracer.Word(at), tracer.Word(a), tracer.Word(b), tracer.Word(a)
		after := with(before, func(r *tracer.Regs) {
			r.RIP, r.RAX, r.RSP = tracer.Word(i.Next()), tracer.Word(b), r.RSP+tracer.Word(b)
			r.RDX, r.RBX, r.RCX, r.R15, r.EFLAGS = tracer.Word(a), ^tracer.Word(a), ^tracer.Word(b), ^tracer.Word(0), tracer.Word(a)
		})
		for _, text := range []string{i.Text, i.Meaning(before, after), i.Meaning(before, before), i.Intent(before)} {
			if text == "" || len(text) > maxSentence {
				t.Fatalf("% x %s: %d bytes: %q", code, i.Text, len(text), text)
			}
			for _, c := range text {
				if c < ' ' || c > '~' {
					t.Fatalf("% x %s: %q", code, i.Text, text)
				}
			}
		}
	})
}
