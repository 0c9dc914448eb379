package disasm

import (
	"encoding/hex"
	"strings"
	"testing"

	"ptwalk/tracer"
)

func bytesOf(t testing.TB, text string) []byte {
	t.Helper()
	code, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// Each instruction is followed by other bytes, as it is in memory: its length
// must not depend on them. Lengths and names are those of objdump.
func TestDecode(t *testing.T) {
	for _, test := range []struct{ code, text string }{
		{"bf 01 00 00 00", "mov edi, 0x1"},
		{"48 c7 c7 ff ff ff ff", "mov rdi, -0x1"},
		{"0f 05", "syscall"},
		{"cd 80", "int 0x80"},
		{"cc", "int3"},
		{"c3", "ret"},
		{"e8 fb 00 00 00", "call 0x401100"},
		{"eb fe", "jmp 0x401000"},
		{"75 ec", "jne 0x400fee"},
		{"0f 94 c0", "sete al"},
		{"45 31 d2", "xor r10d, r10d"},
		{"48 83 ec 28", "sub rsp, 0x28"},
		{"48 8d 35 f0 ff ff ff", "lea rsi, [rip-0x10]"},
		{"64 48 8b 04 25 28 00 00 00", "mov rax, qword ptr fs:[0x28]"},
		{"64 48 8b 04 25 00 00 00 00", "mov rax, qword ptr fs:[0x0]"},
		{"64 48 8b 04 25 f8 ff ff ff", "mov rax, qword ptr fs:[-0x8]"},
		{"48 89 bd 78 ff ff ff", "mov qword ptr [rbp-0x88], rdi"},
		{"8b 44 8b f0", "mov eax, dword ptr [rbx+rcx*4-0x10]"},
		{"f3 aa", "rep stosb"},
		{"f3 48 ab", "rep stosq"},
		{"f2 ae", "repne scasb"},
		{"f3 a6", "repe cmpsb"},
		{"8e d0", "mov ss, eax"},
		{"9c", "pushfq"},
		{"66 9c", "pushf"},
		{"0f 01 f9", "rdtscp"},
		{"0f 01 d0", "xgetbv"},
		{"90", "nop"},
		{"66 2e 0f 1f 84 00 00 00 00 00", "nop word ptr [rax+rax]"},
		{"3e ff e0", "notrack jmp rax"},
		{"f2 ff e0", "bnd jmp rax"},
		{"f0 48 0f b1 0f", "lock cmpxchg qword ptr [rdi], rcx"},
		{"c5 fe 6f 07", "vmovdqu ymm0, ymmword ptr [rdi]"},
		{"62 e1 fe 48 6f 47 01", "vmovdqu64 zmm16, zmmword ptr [rdi+0x40]"},

		{"66 83 f8 f1", "cmp ax, 0xfff1"},
		{"a2 a2 fd 5f a2 a2 fd 45 af", "mov byte ptr [0xaf45fda2a25ffda2], al"},
		{"db 6c 24 18", "fld tbyte ptr [rsp+0x18]"},
		{"de c1", "faddp st1, st0"},
		{"d9 c9", "fxch st1"},
		{"f2 0f 11 04 c3", "movsd qword ptr [rbx+rax*8], xmm0"},

		// VEX and EVEX: any prefix before it, addresses relative to rip, masks.
		{"c5 7d 6f 15 29 d4 04 00", "vmovdqa ymm10, ymmword ptr [rip+0x4d429]"},
		{"67 c5 7d 6f 15 29 d4 04 00", "vmovdqa ymm10, ymmword ptr [eip+0x4d429]"},
		{"c5 fe 6f 04 25 00 20 40 00", "vmovdqu ymm0, ymmword ptr [0x402000]"},
		{"c4 41 7d 6f 74 f5 00", "vmovdqa ymm14, ymmword ptr [r13+rsi*8]"},
		{"64 c5 fe 6f 07", "vmovdqu ymm0, ymmword ptr fs:[rdi]"},
		{"62 61 fd 28 6f 2d ac bd 03 00", "vmovdqa64 ymm29, ymmword ptr [rip+0x3bdac]"},
		{"62 f1 7e ca 6f 47 01", "vmovdqu32 zmm0 {k2} {z}, zmmword ptr [rdi+0x40]"},
		{"62 f1 7c 58 58 47 01", "vaddps zmm0, zmm0, dword bcst [rdi+0x4]"},
		{"62 f1 7c 58 58 c1", "vaddps zmm0, zmm0, zmm1, {ru-sae}"},
		{"62 f2 7e 48 28 c1", "vpmovm2b zmm0, k1"}, // k1 is no mask here
		{"62 b3 75 20 1f c2 00", "vpcmpd k0, ymm17, ymm18, 0x0"},
		{"c4 e2 7d 90 04 8f", "vpgatherdd ymm0, ymmword ptr [rdi+ymm1*4], ymm0"},
		{"c5 96 5e 39", "vdivss xmm7, xmm13, dword ptr [rcx]"}, // L is ignored
		{"c4 a1 c1 fa 73 08", "vpsubd xmm6, xmm7, xmmword ptr [rbx+0x8]"},
		{"c4 e2 f3 f6 47 10", "mulx rax, rcx, qword ptr [rdi+0x10]"},
		{"c4 e2 73 f7 07", "shrx eax, dword ptr [rdi], ecx"},
		{"c4 e2 72 f7 c7", "sarx eax, edi, ecx"},
		{"c4 e2 f1 f7 c7", "shlx rax, rdi, rcx"},
		{"c4 e3 fb f0 c7 05", "rorx rax, rdi, 0x5"},
		{"c4 e2 f0 f3 d1", "blsmsk rcx, rcx"},
		{"c4 e2 f0 f2 c2", "andn rax, rcx, rdx"},

		// What x86asm does not get right by itself.
		{"c1 77 b6 05", "shl dword ptr [rdi-0x4a], 0x5"},
		{"f7 c9 05 00 00 00", "test ecx, 0x5"},
		{"f3 0f ae 27", "ptwrite [rdi]"},
		{"0f 0d 0b", "prefetchw [rbx]"},
		{"0f 1f 1d 00 00 00 00", "nop [rip]"},
		{"64 f3 48 0f 1e c8", "rdsspq rax"},
		{"66 64 0f ae 38", "clflushopt fs:[rax]"},
		{"66 0f c7 f0", "rdrand ax"},
		{"0f c7 75 6a", "vmptrld [rbp+0x6a]"},
		{"f3 0f c7 f1", "senduipi ecx"},
		{"66 68 22 d0", "push 0xd022"},
		{"f3 0f 1e fa", "endbr64"},
		{"f3 0f 1e fb", "endbr32"},
		{"f3 48 0f 1e c8", "rdsspq rax"},
		{"f3 0f 1e c8", "rdsspd eax"},
		{"f3 48 0f ae e8", "incsspq rax"},
		{"c5 f8 77", "vzeroupper"},
		{"c5 fc 77", "vzeroall"},
		{"48 0f c7 f0", "rdrand rax"},
		{"0f c7 f8", "rdseed eax"},
		{"0f 01 ee", "rdpkru"},
		{"66 4c 0f 38 f6 e7", "adcx r12, rdi"},
		{"66 0f ae 38", "clflushopt [rax]"},
		{"66 0f ae 30", "clwb [rax]"},
	} {
		code := bytesOf(t, test.code)
		for _, tail := range []string{"", "90 90 90 90 90 90 90 90", "00 00 00 00 00 00", "c5 f8 77 f3 0f 1e fa"} {
			i := Decode(append(code[:len(code):len(code)], bytesOf(t, tail)...), 0x401000, tracer.X8664)
			if !i.Known || i.Text != test.text || i.Hex() != test.code {
				t.Errorf("% x then %q: %q, bytes %s, known %v; want %q", code, tail, i.Text, i.Hex(), i.Known, test.text)
			}
		}
	}
}

func TestDecodeI386(t *testing.T) {
	for _, test := range []struct{ code, text string }{
		{"b8 04 00 00 00", "mov eax, 0x4"},
		{"cd 80", "int 0x80"},
		{"40", "inc eax"},
		{"65 ff 15 10 00 00 00", "call dword ptr gs:[0x10]"},
		{"a1 00 a0 04 08", "mov eax, dword ptr [0x804a000]"},
		{"c5 07", "lds eax, [edi]"},
		{"f3 0f 1e fb", "endbr32"},
		{"c5 f8 77", "vzeroupper"},
		{"eb fe", "jmp 0x8049000"},
		{"0f 05", "syscall"},
		{"0f 34", "sysenter"},
		{"82 45 a1 47", "add byte ptr [ebp-0x5f], 0x47"},
		{"67 03 b4 2e 80", "add esi, dword ptr [si-0x7fd2]"},
		{"66 0f 8b 61 43", "jnp 0xd366"},
		{"36 8b 03", "mov eax, dword ptr ss:[ebx]"},
		{"c5 fe 6f 05 00 20 40 00", "vmovdqu ymm0, ymmword ptr [0x402000]"},
		{"65 c5 fe 6f 07", "vmovdqu ymm0, ymmword ptr gs:[edi]"},
		{"c4 c2 f1 f7 c7", "shlx eax, edi, ecx"}, // W and B are ignored
		{"62 f1 7e 48 6f 47 01", "vmovdqu32 zmm0, zmmword ptr [edi+0x40]"},
		{"66 67 0f ae 72 d6", "clwb [bp+si-0x2a]"},
		{"67 c5 e1 f3 ee", "vpsllq xmm5, xmm3, xmm6"},
		{"62 07", "bound eax, qword ptr [edi]"},
	} {
		i := Decode(append(bytesOf(t, test.code), 0x90, 0x90, 0x90, 0x90), 0x8049000, tracer.I386)
		if i.Text != test.text || i.Hex() != test.code {
			t.Errorf("%s: %q, bytes %s; want %q", test.code, i.Text, i.Hex(), test.text)
		}
	}
}

// An unknown instruction has the length that its encoding proves, or one byte.
func TestUnknown(t *testing.T) {
	for _, test := range []struct {
		code   string
		length int
	}{
		{"06 90 90", 1},                   // push es is not in 64-bit code
		{"c4 e3 f9 6b c9 20 90", 6},       // vfmaddsd of AMD
		{"8f e8 78 c2 c0 07 90", 6},       // vprotd of AMD
		{"62 f5 7c 48 58 c1 90", 6},       // vaddph: a map of its own
		{"db e0 90", 2},                   // fneni of the 8087
		{"c4 e0 78 77 90", 1},             // no such map
		{"66 c5 fe 6f 07", 1},             // the processor refuses it
		{"48", 1},                         // a prefix and nothing more
		{"f3 0f", 1},                      // cut off
		{"66 66 66 66 66 66 66 66 66", 1}, //
		{"", 0},
	} {
		i := Decode(bytesOf(t, test.code), 0, tracer.X8664)
		if i.Known || i.Text != Unknown || i.Len() != test.length {
			t.Errorf("%s: %q, %d bytes, known %v; want unknown, %d bytes", test.code, i.Text, i.Len(), i.Known, test.length)
		}
	}
}

// Inst keeps a copy: its bytes stay when the buffer is used again.
func TestDecodeCopies(t *testing.T) {
	code := bytesOf(t, "0f 05")
	i := Decode(code, 0, tracer.X8664)
	code[0] = 0
	if i.Hex() != "0f 05" {
		t.Errorf("the bytes changed with the buffer: %s", i.Hex())
	}
}
