package meaning

import "testing"

// mul and div take numbers without a sign, imul and idiv with one. A product of
// two halves is one number, and so is a dividend.
func TestMultiply(t *testing.T) {
	means(t, start, []example{
		{"f7 e3", func(r regs) { r.RAX, r.RBX = 0xfffffffd, 4 }, func(r regs) { r.RAX, r.RDX = 0xfffffff4, 3 },
			"edx:eax becomes 0x3fffffff4: eax (0xfffffffd) times ebx (4), unsigned."},
		{"f7 eb", func(r regs) { r.RAX, r.RBX = 0xfffffffd, 4 }, func(r regs) { r.RAX, r.RDX = 0xfffffff4, 0xffffffff },
			"edx:eax becomes -12: eax (-3) times ebx (4), signed."},
		{"48 f7 e3", func(r regs) { r.RAX, r.RBX = 1<<64-1, 2 }, func(r regs) { r.RAX, r.RDX = 1<<64-2, 1 },
			"rdx:rax becomes 0x1fffffffffffffffe: rax (0xffffffffffffffff) times rbx (2), unsigned."},
		{"48 f7 eb", func(r regs) { r.RAX, r.RBX = 1<<64-1, 2 }, func(r regs) { r.RAX, r.RDX = 1<<64-2, 1<<64-1 },
			"rdx:rax becomes -2: rax (-1) times rbx (2), signed."},
		{"66 f7 eb", func(r regs) { r.RAX, r.RBX = 0x8000, 2 }, func(r regs) { r.RAX, r.RDX = 0, 0xffff },
			"dx:ax becomes -0x10000: ax (-0x8000) times bx (2), signed."},
		{"f6 e3", func(r regs) { r.RAX, r.RBX = 200, 2 }, func(r regs) { r.RAX = 400 }, "ax becomes 400: al (200) times bl (2), unsigned."},
		{"f6 e7", func(r regs) { r.RAX, r.RBX = 200, 0x200 }, func(r regs) { r.RAX = 400 }, "ax becomes 400: al (200) times bh (2), unsigned."},
		{"f6 eb", func(r regs) { r.RAX, r.RBX = 200, 2 }, func(r regs) { r.RAX = 0xff90 }, "ax becomes -112: al (-56) times bl (2), signed."},
		{"f7 e3", func(r regs) { r.RAX, r.RDX, r.RBX = 7<<32|3, 7<<32, 4 }, func(r regs) { r.RAX, r.RDX = 12, 0 },
			"edx:eax becomes 12: eax (3) times ebx (4), unsigned; the upper halves of rax and rdx become 0."},
		{"f7 23", func(r regs) { r.RAX, r.RBX = 3, 0x402000 }, func(r regs) { r.RAX = 12 },
			"edx:eax becomes 12: eax (3) times the 4 bytes at 0x402000, unsigned."},

		{"0f af c3", func(r regs) { r.RAX, r.RBX = 0xfffffffd, 4 }, func(r regs) { r.RAX = 0xfffffff4 }, "eax becomes -12: -3 * 4; the upper half of rax is 0."},
		{"0f af c3", func(r regs) { r.RAX, r.RBX = 1<<31, 2 }, func(r regs) { r.RAX = 0 }, "eax becomes 0: 0x80000000 * 2, cut to 32 bits."},
		{"48 6b c3 f6", func(r regs) { r.RBX = 3 }, func(r regs) { r.RAX = 1<<64 - 30 }, "rax becomes -30: 3 * -10."},
		{"48 0f af 07", func(r regs) { r.RAX, r.RDI = 2, 0x402000 }, func(r regs) { r.RAX = 6 }, "rax becomes 6: 2 * the 8 bytes at 0x402000."},
		{"48 0f af 07", func(r regs) { r.RAX, r.RDI = 2, 0x402000 }, func(r regs) { r.RAX, r.EFLAGS = 6, r.EFLAGS|overflow },
			"rax becomes 6: 2 * the 8 bytes at 0x402000, cut to 64 bits."},
	})
}

func TestDivide(t *testing.T) {
	means(t, start, []example{
		{"f7 f3", func(r regs) { r.RAX, r.RBX = 0xffffffec, 0xfffffff6 }, func(r regs) { r.RAX, r.RDX = 0, 0xffffffec },
			"eax becomes 0 and edx 0xffffffec, quotient and remainder of edx:eax (0xffffffec) by ebx (0xfffffff6), unsigned."},
		{"f7 fb", func(r regs) { r.RAX, r.RDX, r.RBX = 0xffffffec, 0xffffffff, 3 }, func(r regs) { r.RAX, r.RDX = 0xfffffffa, 0xfffffffe },
			"eax becomes -6 and edx -2, quotient and remainder of edx:eax (-20) by ebx (3), signed; the upper half of rax is 0."},
		{"48 f7 f3", func(r regs) { r.RAX, r.RDX, r.RBX = 5, 1, 2 }, func(r regs) { r.RAX, r.RDX = 1<<63+2, 1 },
			"rax becomes 0x8000000000000002 and rdx 1, quotient and remainder of rdx:rax (0x10000000000000005) by rbx (2), unsigned."},
		{"66 f7 f3", func(r regs) { r.RAX, r.RDX, r.RBX = 0, 1, 2 }, func(r regs) { r.RAX, r.RDX = 0x8000, 0 },
			"ax becomes 0x8000 and dx 0, quotient and remainder of dx:ax (0x10000) by bx (2), unsigned."},
		{"f6 f3", func(r regs) { r.RAX, r.RBX = 401, 2 }, func(r regs) { r.RAX = 0x1c8 },
			"al becomes 200 and ah 1, quotient and remainder of ax (401) by bl (2), unsigned."},
		{"f6 fb", func(r regs) { r.RAX, r.RBX = 0xffec, 3 }, func(r regs) { r.RAX = 0xfefa },
			"al becomes -6 and ah -2, quotient and remainder of ax (-20) by bl (3), signed."},
		{"f7 33", func(r regs) { r.RAX, r.RBX = 7, 0x402000 }, func(r regs) { r.RAX, r.RDX = 3, 1 },
			"eax becomes 3 and edx 1, quotient and remainder of edx:eax (7) by the 4 bytes at 0x402000, unsigned."},
	})
}
