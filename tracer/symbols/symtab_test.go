package symbols

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"ptwalk/tracer"
)

// section is one of a file that a test makes.
type section struct {
	kind elf.SectionType
	name string
	data []byte
	size uint64 // of a hole behind the data
}

// file writes an ELF file with code at 0x1000 and these sections behind it, of which
// each refers to the next. What is no data is a hole.
func file(t *testing.T, sections ...section) *elf.File {
	t.Helper()
	sections = append([]section{{}, {kind: elf.SHT_PROGBITS, name: ".text", data: make([]byte, 0x100)}}, sections...)
	names := []byte{}
	for _, s := range sections {
		names = append(append(names, s.name...), 0)
	}
	sections = append(sections, section{kind: elf.SHT_STRTAB, data: append(names, 0)})
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	var headers bytes.Buffer
	at, name := uint64(4096), uint32(0)
	for n, s := range sections {
		header := elf.Section64{Name: name, Type: uint32(s.kind), Off: at, Size: uint64(len(s.data)) + s.size, Link: uint32(n + 1)}
		if n == 1 {
			header.Flags, header.Addr = uint64(elf.SHF_ALLOC|elf.SHF_EXECINSTR), 0x1000
		}
		binary.Write(&headers, binary.LittleEndian, header)
		f.WriteAt(s.data, int64(at))
		at, name = at+header.Size, name+uint32(len(s.name)+1)
	}
	var head bytes.Buffer
	binary.Write(&head, binary.LittleEndian, elf.Header64{
		Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_EXEC), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT), Ehsize: 64,
		Shoff: at, Shentsize: 64, Shnum: uint16(len(sections)), Shstrndx: uint16(len(sections) - 1),
	})
	f.WriteAt(head.Bytes(), 0)
	f.WriteAt(headers.Bytes(), int64(at))
	parsed, err := elf.NewFile(f)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// symbol is an entry of a table: a function in section 1, whose name is at an offset.
func symbol(name uint32, value, size uint64) []byte {
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, elf.Sym64{
		Name: name, Info: elf.ST_INFO(elf.STB_GLOBAL, elf.STT_FUNC), Shndx: 1, Value: value, Size: size})
	return b.Bytes()
}

// What a symbol without a size covers: all up to the next one where the file names
// every function, and where it is stripped, of which nobody knows, its first
// instruction.
func TestSymbolWithoutASize(t *testing.T) {
	entries := bytes.Join([][]byte{make([]byte, elf.Sym64Size), symbol(1, 0x1000, 0), symbol(7, 0x1080, 8)}, nil)
	for _, c := range []struct {
		kind   elf.SectionType
		within string
	}{{elf.SHT_SYMTAB, "entry"}, {elf.SHT_DYNSYM, ""}} {
		f := file(t, section{kind: c.kind, name: "symbols", data: entries}, section{kind: elf.SHT_STRTAB, name: "names", data: []byte("\x00entry\x00sized\x00")})
		table := FromELF("x", f)
		for at, want := range map[uint64]string{0x1000: "entry", 0x1001: c.within, 0x1087: "sized", 0x1088: ""} {
			if s, _, _ := table.Find(tracer.Addr(at)); s.Name != want {
				t.Errorf("%v: at %#x is %q, want %q", c.kind, at, s.Name, want)
			}
		}
	}
}

// A file takes memory for what it says, and not for the holes in it.
func TestHolesCostNothing(t *testing.T) {
	const hole = 500 << 20
	for name, sections := range map[string][]section{
		"symbols": {{kind: elf.SHT_SYMTAB, name: ".symtab", size: hole}, {kind: elf.SHT_STRTAB, name: ".strtab", size: hole}},
		"names": {{kind: elf.SHT_SYMTAB, name: ".symtab", data: bytes.Repeat(symbol(1, 0x1000, 8), 1000)},
			{kind: elf.SHT_STRTAB, name: ".strtab", size: hole}},
		"dynamic": {{kind: elf.SHT_DYNSYM, name: ".dynsym", size: hole}, {kind: elf.SHT_STRTAB, name: ".dynstr", size: hole}},
		"of Go":   {{kind: elf.SHT_PROGBITS, name: ".gopclntab", size: hole}},
		"DWARF": {{kind: elf.SHT_PROGBITS, name: ".debug_info", size: hole}, {kind: elf.SHT_PROGBITS, name: ".debug_abbrev", size: hole},
			{kind: elf.SHT_PROGBITS, name: ".debug_str", size: hole}},
		"zdebug": {{kind: elf.SHT_PROGBITS, name: ".debug_info", size: 1},
			{kind: elf.SHT_PROGBITS, name: ".zdebug_str", data: []byte("ZLIB\x00\x00\x00\x00\x7f\xff\xff\xff")}},
	} {
		f := file(t, sections...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		FromELF("x", f)
		runtime.ReadMemStats(&after)
		if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 64 {
			t.Errorf("%s: %d MB", name, got)
		}
	}
}

// A name lies across two parts of its table, and one that is too long is cut.
func TestNamesAreReadInParts(t *testing.T) {
	text := make([]byte, 3*chunkSize)
	copy(text[chunkSize-3:], "across\x00")
	copy(text[2*chunkSize:], bytes.Repeat([]byte{'x'}, maxName+100))
	n := nameTable{in: bytes.NewReader(text)}
	if got := n.at(chunkSize - 3); got != "across" {
		t.Errorf("%q, want across", got)
	}
	if got := n.at(2 * chunkSize); len(got) != maxName+1 {
		t.Errorf("%d bytes of a long name, want %d", len(got), maxName+1)
	}
	if got := n.at(10 * chunkSize); got != "" {
		t.Errorf("%q behind the end", got)
	}
}
