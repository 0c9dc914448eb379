//go:build linux && amd64

package plain_test

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// A program of a few instructions. It reads a byte first: so it can be made to wait for
// the test, which closes its standard input.
type program struct {
	name         string
	code         string
	instructions int // that are executed, the last one included
	natural      syscall.WaitStatus
}

const (
	begins = "\x31\xc0" + // xor eax, eax: read
		"\x31\xff" + // xor edi, edi
		"\x48\x89\xe6" + // mov rsi, rsp
		"\xba\x01\x00\x00\x00" + // mov edx, 1
		"\x0f\x05" // syscall
	getpid = "\xb8\x27\x00\x00\x00" + // mov eax, 39
		"\x0f\x05" + // syscall
		"\x89\xc7" // mov edi, eax
	tid  = "\x89\xc6"               // mov esi, eax
	kill = "\xb8\x3e\x00\x00\x00" + // mov eax, 62
		"\x0f\x05" // syscall
	tgkill = "\xb8\xea\x00\x00\x00" + // mov eax, 234
		"\x0f\x05" // syscall
	exits7 = "\xbf\x07\x00\x00\x00" + // mov edi, 7
		"\xb8\x3c\x00\x00\x00" + // mov eax, 60
		"\x0f\x05" // syscall
)

// programs has what a program can do to its tracer. exits7 is never reached by those that
// are killed.
var programs = []program{
	{"exits", begins + exits7, 8, 7 << 8},
	{"sends itself SIGTRAP", begins + getpid + "\xbe\x05\x00\x00\x00" /* mov esi, 5 */ + kill + exits7, 11, 5},
	{"raises SIGTRAP", begins + getpid + tid + "\xba\x05\x00\x00\x00" /* mov edx, 5 */ + tgkill + exits7, 12, 5},
	{"has an int3", begins + "\xcc" + exits7, 6, 5},
	jumps,
}

var jumps = program{"jumps to 0", begins + "\x31\xc0\xff\xe0" /* xor eax, eax; jmp rax */, 7, 11}

// stops sends itself SIGSTOP.
var stops = program{"stops", begins + getpid + "\xbe\x13\x00\x00\x00" /* mov esi, 19 */ + kill + exits7, 14, 7 << 8}

// file writes the program as an ELF file, and returns its path.
func (p program) file(t *testing.T) string {
	t.Helper()
	const address, head = 0x400000, 64 + 56
	size := uint64(head + len(p.code))
	var out bytes.Buffer
	for _, part := range []any{
		elf.Header64{
			Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
			Type:  uint16(elf.ET_EXEC), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT),
			Entry: address + head, Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: 1,
		},
		elf.Prog64{
			Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_X),
			Vaddr: address, Paddr: address, Filesz: size, Memsz: size, Align: 0x1000,
		},
		[]byte(p.code),
	} {
		if err := binary.Write(&out, binary.LittleEndian, part); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), strings.ReplaceAll(p.name, " ", "-"))
	if err := os.WriteFile(path, out.Bytes(), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// waiting is a program that waits for the end of its standard input.
type waiting struct {
	*os.Process
	input *os.File
}

// start starts a program that begins with a read.
func (p program) start(t *testing.T) waiting {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	path := p.file(t)
	process, err := os.StartProcess(path, []string{path}, &os.ProcAttr{Files: []*os.File{read, nil, nil}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		write.Close()
		process.Kill() // an error means that the test has reaped it
		process.Wait()
	})
	if err := unix.Prlimit(process.Pid, unix.RLIMIT_CORE, &unix.Rlimit{}, nil); err != nil {
		t.Fatal(err)
	}
	return waiting{process, write}
}

// ends lets the program go on, and checks that it ends as it should.
func (w waiting) ends(t *testing.T, want syscall.WaitStatus) {
	t.Helper()
	w.input.Close()
	state, err := w.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if got := state.Sys().(syscall.WaitStatus); got != want {
		t.Errorf("wait status %#x, want %#x", got, want)
	}
}
