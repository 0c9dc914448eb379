package count

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// base is where the programs of these tests are loaded, and entry where their
// code begins.
const (
	base  = 0x400000
	entry = base + 64 + 56
)

// program writes an ELF file around machine code: one segment that can be read,
// written and executed, and a page of zeros behind the code. The offset of a
// byte of the code in memory is entry plus its index.
func program(t *testing.T, code ...[]byte) string {
	t.Helper()
	return programIn(t.TempDir(), code...)
}

func programIn(dir string, code ...[]byte) string {
	text := bytes.Join(code, nil)
	size := uint64(64 + 56 + len(text))
	var out bytes.Buffer
	out.Write([]byte{0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	for _, field := range []any{
		uint16(2), uint16(62), uint32(1), // ET_EXEC, EM_X86_64
		uint64(entry), uint64(64), uint64(0), uint32(0),
		uint16(64), uint16(56), uint16(1), uint16(64), uint16(0), uint16(0),
		uint32(1), uint32(7), // PT_LOAD, rwx
		uint64(0), uint64(base), uint64(base), size, size + 4096, uint64(4096),
	} {
		binary.Write(&out, binary.LittleEndian, field)
	}
	out.Write(text)
	path := filepath.Join(dir, "program")
	if err := os.WriteFile(path, out.Bytes(), 0o700); err != nil {
		panic(err)
	}
	return path
}

// mov loads a 32-bit constant: mov eax, n and its kind.
func mov(register byte, n uint32) []byte {
	return binary.LittleEndian.AppendUint32([]byte{0xb8 + register}, n)
}

// The numbers of the registers.
const (
	rax = 0
	rdx = 2
	rsi = 6
	rdi = 7
)

var syscall64 = []byte{0x0f, 0x05}

// exit is three instructions: exit_group with a status.
func exit(status uint32) []byte {
	return bytes.Join([][]byte{mov(rdi, status), mov(rax, 231), syscall64}, nil)
}

// exitWithBit8 exits with bit 8 of rdi: five instructions.
func exitWithBit8() []byte {
	return bytes.Join([][]byte{
		{0x48, 0xc1, 0xef, 8}, // shr rdi, 8
		{0x83, 0xe7, 1},       // and edi, 1
		mov(rax, 231), syscall64,
	}, nil)
}

// execve runs another program with no arguments: lea rdi, [rip+n]; rsi and rdx
// are 0; five instructions.
func execve(path string) [][]byte {
	return [][]byte{
		{0x48, 0x8d, 0x3d, 11, 0, 0, 0}, // lea rdi, [rip+11]: the path
		{0x31, 0xf6, 0x31, 0xd2},        // xor esi, esi; xor edx, edx
		mov(rax, 59), syscall64,
		append([]byte(path), 0),
	}
}

// parent calls fork or vfork. The child exits with status 9; the parent waits
// for it and exits with that status, or with the signal that killed the child.
func parent(nr uint32) [][]byte {
	child := exit(9)
	return [][]byte{
		mov(rax, nr), syscall64,
		{0x85, 0xc0, 0x75, byte(len(child))}, // test eax, eax; jnz: the parent
		child,
		mov(rdi, 0xffffffff), {0x48, 0x63, 0xff}, // movsxd rdi, edi: any child
		mov(rsi, entry+2048), mov(rdx, 0),
		{0x4d, 0x31, 0xd2},      // xor r10, r10
		mov(rax, 61), syscall64, // wait4
		mov(rsi, entry+2048),
		{0x8b, 0x3e},       // mov edi, [rsi]
		{0x89, 0xf8},       // mov eax, edi
		{0xc1, 0xef, 8},    // shr edi, 8
		{0x83, 0xe0, 0x7f}, // and eax, 127
		{0x09, 0xc7},       // or edi, eax
		mov(rax, 231), syscall64,
	}
}
