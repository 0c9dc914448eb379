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
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, out.Bytes(), 0o700); err != nil {
		t.Fatal(err)
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

// call is three instructions or fewer and a system call.
func call2(nr, a, b uint32) []byte {
	return bytes.Join([][]byte{mov(rdi, a), mov(rsi, b), mov(rax, nr), syscall64}, nil)
}

// exit is three instructions: exit_group with a status.
func exit(status uint32) []byte {
	return bytes.Join([][]byte{mov(rdi, status), mov(rax, 231), syscall64}, nil)
}

// exitWithBit is exit with bit 8 of rdi as the status: five instructions.
func exitWithBit8() []byte {
	return bytes.Join([][]byte{
		{0x48, 0xc1, 0xef, 8}, // shr rdi, 8
		{0x83, 0xe7, 1},       // and edi, 1
		mov(rax, 231), syscall64,
	}, nil)
}
