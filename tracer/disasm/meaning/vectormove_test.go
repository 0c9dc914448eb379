package meaning

import "testing"

// The moves of vectors name the bytes in memory. With VEX and EVEX these have the
// same addresses as without.
func TestVectorMove(t *testing.T) {
	at := func(r regs) { r.RDI, r.RDX, r.FSBase = 0x402000, 4, 0x7f0000000000 }
	means(t, start, []example{
		{"0f 10 07", at, nil, "xmm0 gets the 16 bytes at 0x402000."},
		{"c5 fe 6f 07", at, nil, "ymm0 gets the 32 bytes at 0x402000."},
		{"c5 fe 6f 47 e0", at, nil, "ymm0 gets the 32 bytes at 0x401fe0."},
		{"c5 fe 6f 84 97 00 10 00 00", at, nil, "ymm0 gets the 32 bytes at 0x403010."},
		{"c5 fd 6f 15 f8 0f 00 00", nil, nil, "ymm2 gets the 32 bytes at 0x402000."},
		{"c5 fe 6f 04 25 00 20 40 00", nil, nil, "ymm0 gets the 32 bytes at 0x402000."},
		{"64 c5 fe 6f 07", at, nil, "ymm0 gets the 32 bytes at 0x7f0000402000."},
		{"67 c5 fe 6f 07", func(r regs) { r.RDI = 7<<32 | 0x402000 }, nil, "ymm0 gets the 32 bytes at 0x402000."},
		{"c5 fe 7f 07", at, nil, "The 32 bytes at 0x402000 become those of ymm0."},
		{"c5 fe 6f c1", nil, nil, "ymm0 gets the value of ymm1."},
		{"62 e1 fe 48 6f 47 01", at, nil, "zmm16 gets the 64 bytes at 0x402040."}, // a displacement counts in vectors
		{"62 e1 fe 28 6f 47 01", at, nil, "ymm16 gets the 32 bytes at 0x402020."},
		{"62 61 fd 28 6f 2d f6 0f 00 00", nil, nil, "ymm29 gets the 32 bytes at 0x402000."},
		{"62 f1 7e ca 6f 47 01", at, nil, "Changes no general register."}, // what a mask lets through is not known
		{"c4 e2 7d 90 04 8f", at, nil, "Changes no general register."},    // a gather has many addresses

		{"66 48 0f 7e c0", nil, func(r regs) { r.RAX = 5 }, "rax becomes 5, the lowest 8 bytes of xmm0."},
		{"66 0f 6e c0", func(r regs) { r.RAX = 7<<32 | 5 }, nil, "The lowest 4 bytes of xmm0 become 5, the value of eax."},
		{"f3 0f 7e 07", at, nil, "The lowest 8 bytes of xmm0 become the 8 bytes at 0x402000."},
		{"66 0f d6 07", at, nil, "The 8 bytes at 0x402000 become the lowest of xmm0."},
		{"66 0f ef c0", nil, nil, "Changes no general register."},
	})
}

// BMI has no flags to tell of, and memory as all others.
func TestBMI(t *testing.T) {
	means(t, start, []example{
		{"c4 e2 71 f7 c7", func(r regs) { r.RDI, r.RCX = 1, 35 }, func(r regs) { r.RAX = 8 }, "eax becomes 8: 1 shifted left by 3 bits."},
		{"c4 e2 f3 f7 c7", func(r regs) { r.RDI, r.RCX = 8, 3 }, func(r regs) { r.RAX = 1 }, "rax becomes 1: 8 shifted right by 3 bits."},
		{"c4 e2 f2 f7 c7", func(r regs) { r.RDI, r.RCX = 1<<64-8, 1 }, func(r regs) { r.RAX = 1<<64 - 4 },
			"rax becomes -4: -8 shifted right with its sign by 1 bit."},
		{"c4 e3 7b f0 c7 04", func(r regs) { r.RDI = 0x12345678 }, func(r regs) { r.RAX = 0x81234567 }, "eax becomes 0x81234567: 0x12345678 rotated right by 4 bits."},
		{"c4 e2 73 f7 07", func(r regs) { r.RDI, r.RCX = 0x402000, 3 }, func(r regs) { r.RAX = 1 }, "eax becomes 1: the 4 bytes at 0x402000 shifted right by 3 bits."},
		{"c4 e2 f0 f2 c2", nil, func(r regs) { r.RAX = 5 }, "Changes rax to 0x5."},
		{"f3 0f b8 c3", func(r regs) { r.RBX = 0xff }, func(r regs) { r.RAX = 8 }, "eax becomes 8: the number of bits that are 1 in 0xff."},
		{"f3 0f bc c3", nil, func(r regs) { r.RAX = 32 }, "eax becomes 32: the number of zero bits at the bottom in 0."},
		{"0f bd c3", func(r regs) { r.RBX = 0x80 }, func(r regs) { r.RAX = 7 }, "eax becomes 7: the place of the highest bit that is 1 in 0x80."},
		{"0f bd c3", nil, nil, "Changes no register that ptrace shows here."}, // of 0 there is no place
		{"0f bd c3", func(r regs) { r.RAX = 0xffffffff }, nil, "Changes no register that ptrace shows here."},
	})
}
