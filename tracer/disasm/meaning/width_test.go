package meaning

import "testing"

// high fills the upper halves of rax, rcx, rdx and rbx, of which nothing is left
// after a write of 32 bits.
func high(r regs) { r.RAX, r.RCX, r.RDX, r.RBX = 7<<32, 7<<32, 7<<32, 7<<32 }

// Whoever writes 32 bits clears the other half. The sentence names the register
// that was written, and where it matters what became of the rest.
func TestThirtyTwoBits(t *testing.T) {
	set := func(change func(regs)) func(regs) { return func(r regs) { high(r); change(r) } }
	means(t, start, []example{
		// A value that was moved is all of the register.
		{"b8 05 00 00 00", high, func(r regs) { r.RAX = 5 }, "rax becomes 5."},
		{"b8 ff ff ff ff", high, func(r regs) { r.RAX = 0xffffffff }, "rax becomes 0xffffffff."},
		{"89 d8", set(func(r regs) { r.RBX |= 5 }), func(r regs) { r.RAX = 5 }, "rax becomes 5, the value of ebx."},

		// Of a value that was made the sum is one of 32 bits.
		{"01 d8", func(r regs) { r.RAX, r.RBX = 3, 4 }, func(r regs) { r.RAX = 7 }, "eax becomes 7: 3 + 4."},
		{"01 d8", set(func(r regs) { r.RAX |= 3; r.RBX |= 4 }), func(r regs) { r.RAX = 7 }, "eax becomes 7: 3 + 4; the upper half of rax becomes 0."},
		{"83 e8 0f", func(r regs) { r.RAX = 5 }, func(r regs) { r.RAX = 0xfffffff6 }, "eax becomes -10: 5 - 15; the upper half of rax is 0."},
		{"f7 d0", func(r regs) { r.RAX = 15 }, func(r regs) { r.RAX = 0xfffffff0 }, "eax becomes 0xfffffff0: 0xf with every bit turned over."},
		{"f7 d8", func(r regs) { r.RAX = 5 }, func(r regs) { r.RAX = 0xfffffffb }, "eax becomes -5: 5 negated; the upper half of rax is 0."},
		{"ff c0", func(r regs) { r.RAX = 0xffffffff }, func(r regs) { r.RAX = 0 }, "eax becomes 0: -1 + 1."},

		// Numbers that become longer.
		{"99", func(r regs) { r.RAX = 0xfffffff6 }, func(r regs) { r.RDX = 0xffffffff },
			"edx becomes -1: every bit is the sign of eax; the upper half of rdx is 0."},
		{"66 99", func(r regs) { r.RAX = 0x8000 }, func(r regs) { r.RDX = 0xffff }, "dx becomes -1: every bit is the sign of ax."},
		{"48 99", func(r regs) { r.RAX = 1<<64 - 10 }, func(r regs) { r.RDX = 1<<64 - 1 }, "rdx becomes -1: every bit is the sign of rax."},
		{"66 98", func(r regs) { r.RAX = 0xf6 }, func(r regs) { r.RAX = 0xfff6 }, "ax becomes -10: al, sign-extended."},
		{"98", set(func(r regs) { r.RAX |= 0xfff6 }), func(r regs) { r.RAX = 0xfffffff6 },
			"eax becomes -10: ax, sign-extended; the upper half of rax becomes 0."},
		{"48 98", func(r regs) { r.RAX = 0xfffffff6 }, func(r regs) { r.RAX = 1<<64 - 10 }, "rax becomes -10: eax, sign-extended."},
		{"0f be c3", func(r regs) { r.RBX = 0xf6 }, func(r regs) { r.RAX = 0xfffffff6 }, "eax becomes -10: bl, sign-extended; the upper half of rax is 0."},
		{"0f be c7", func(r regs) { r.RBX = 0x0500 }, func(r regs) { r.RAX = 5 }, "eax becomes 5: bh, sign-extended."},
		{"48 63 c3", func(r regs) { r.RBX = 0xfffffff6 }, func(r regs) { r.RAX = 1<<64 - 10 }, "rax becomes -10: ebx, sign-extended."},
		{"0f b6 c7", func(r regs) { r.RBX = 0xff00 }, func(r regs) { r.RAX = 255 }, "rax becomes 255: bh, zero-extended."},

		// A conditional move that moves nothing writes too.
		{"0f 44 c3", set(func(r regs) { r.RAX |= 5 }), func(r regs) { r.RAX = 5 },
			"Nothing is moved, because ZF is clear; eax is 5; the upper half of rax becomes 0."},
		{"0f 45 c3", set(func(r regs) { r.RBX |= 5 }), func(r regs) { r.RAX = 5 }, "rax becomes 5, the value of ebx, because ZF is clear."},

		{"93", set(func(r regs) { r.RAX |= 1; r.RBX |= 2 }), func(r regs) { r.RAX, r.RBX = 2, 1 },
			"ebx becomes 1 and eax becomes 2: they change places; the upper halves of rbx and rax become 0."},
		{"86 e0", func(r regs) { r.RAX = 0x0102 }, func(r regs) { r.RAX = 0x0201 }, "al becomes 1 and ah becomes 2: they change places."},
		{"0f c8", high, func(r regs) { r.RAX = 0 }, "eax becomes 0: the bytes of 0 in reverse; the upper half of rax becomes 0."},
		{"d1 f8", func(r regs) { r.RAX = 0xfffffff8 }, func(r regs) { r.RAX = 0xfffffffc },
			"eax becomes -4: -8 shifted right with its sign by 1 bit; the upper half of rax is 0."},

		// 8 and 16 bits leave the rest as it is.
		{"04 05", set(func(r regs) { r.RAX |= 255 }), func(r regs) { r.RAX = 7<<32 | 4 }, "al becomes 4: -1 + 5."},
		{"04 64", func(r regs) { r.RAX = 200 }, func(r regs) { r.RAX = 44 }, "al becomes 44: -56 + 100."},
		{"04 64", func(r regs) { r.RAX = 100 }, func(r regs) { r.RAX = 200 }, "al becomes 200: 100 + 100."},
		{"04 80", func(r regs) { r.RAX = 128 }, func(r regs) { r.RAX = 0 }, "al becomes 0: 128 + 128, cut to 8 bits."},
		{"66 05 34 12", high, func(r regs) { r.RAX = 7<<32 | 0x1234 }, "ax becomes 4660: 0 + 4660."},

		// An address of which there is room for a part.
		{"8d 43 01", func(r regs) { r.RBX = 0x7f0000402000 }, func(r regs) { r.RAX = 0x402001 },
			"rax becomes 0x402001: the lower 32 bits of the address 0x7f0000402001, and no memory is read."},

		// Registers that are not what the instruction makes of them.
		{"01 d8", func(r regs) { r.RAX, r.RBX = 3, 4 }, func(r regs) { r.RAX = 8 }, "Changes rax to 0x8."},
		{"89 d8", func(r regs) { r.RBX = 5 }, func(r regs) { r.RAX = 7<<32 | 5 }, "Changes rax to 0x700000005."},
	})
}
