package symbols

import (
	"bufio"
	"bytes"
	"debug/elf"
	"io"
)

// The limits of what is read of a file that need not be what it seems: a sparse one
// of a few kilobytes can announce gigabytes. They are some times what the largest
// programs have.
const (
	maxTable   = 512 << 20 // bytes of a symbol table; most of them may mean nothing
	maxSymbols = 2 << 20   // entries of it that name something
	maxNames   = 128 << 20 // bytes of their names
	maxSection = 128 << 20 // bytes of another section that is read as a whole
)

// readSymbols reads the symbols that have a name and are defined in the file: those
// of .symtab, or of .dynsym where there are none, as dynamic says.
func readSymbols(f *elf.File) (list []elf.Symbol, dynamic bool) {
	for _, kind := range []elf.SectionType{elf.SHT_SYMTAB, elf.SHT_DYNSYM} {
		table := f.SectionByType(kind)
		if table == nil || table.ReaderAt == nil || int(table.Link) >= len(f.Sections) {
			continue
		}
		names := f.Sections[table.Link]
		if names.ReaderAt == nil || names.Type != elf.SHT_STRTAB {
			continue
		}
		if list = readTable(f, table, &nameTable{in: names}); len(list) > 0 {
			return list, kind == elf.SHT_DYNSYM
		}
	}
	return nil, false
}

// readTable reads one entry after the other, so that those without a meaning cost no
// memory.
func readTable(f *elf.File, table *elf.Section, names *nameTable) (list []elf.Symbol) {
	entry := make([]byte, elf.Sym64Size)
	if f.Class == elf.ELFCLASS32 {
		entry = entry[:elf.Sym32Size]
	}
	in := bufio.NewReaderSize(io.NewSectionReader(table, 0, min(int64(table.FileSize), maxTable)), chunkSize)
	for len(list) < maxSymbols {
		if _, err := io.ReadFull(in, entry); err != nil {
			break
		}
		name, s := decodeSymbol(f, entry)
		if name == 0 || s.Section == elf.SHN_UNDEF {
			continue
		}
		if s.Name = names.at(int64(name)); s.Name != "" {
			list = append(list, s)
		}
	}
	return list
}

// decodeSymbol decodes an Elf64_Sym or Elf32_Sym, see elf(5): a symbol without its
// name, and where that is in the table of strings.
func decodeSymbol(f *elf.File, entry []byte) (name uint32, s elf.Symbol) {
	u16, u32, u64 := f.ByteOrder.Uint16, f.ByteOrder.Uint32, f.ByteOrder.Uint64
	if len(entry) == elf.Sym32Size {
		return u32(entry), elf.Symbol{Value: uint64(u32(entry[4:])), Size: uint64(u32(entry[8:])),
			Info: entry[12], Other: entry[13], Section: elf.SectionIndex(u16(entry[14:]))}
	}
	return u32(entry), elf.Symbol{Info: entry[4], Other: entry[5], Section: elf.SectionIndex(u16(entry[6:])),
		Value: u64(entry[8:]), Size: u64(entry[16:])}
}

// nameTable is a table of strings, of which the parts are kept that names were in.
type nameTable struct {
	in     io.ReaderAt
	chunks map[int64][]byte // by number; at most maxChunks of them
	read   int              // bytes of names until now
}

const (
	chunkSize = 64 << 10
	maxChunks = 256
)

// at is the name that begins at an offset, no more than [clean] needs of it. It is
// empty where none is, or when too much has been read.
func (n *nameTable) at(offset int64) string {
	var name []byte
	for len(name) <= maxName {
		chunk := n.chunk(offset / chunkSize)
		if at := offset % chunkSize; at < int64(len(chunk)) {
			chunk = chunk[at:]
		} else {
			return ""
		}
		end := bytes.IndexByte(chunk, 0)
		if end >= 0 {
			name = append(name, chunk[:end]...)
			break
		}
		name = append(name, chunk[:min(len(chunk), maxName+1)]...)
		offset += int64(len(chunk))
	}
	name = name[:min(len(name), maxName+1)]
	if n.read += len(name); n.read > maxNames {
		return ""
	}
	return string(name)
}

func (n *nameTable) chunk(number int64) []byte {
	if chunk, ok := n.chunks[number]; ok {
		return chunk
	}
	if n.chunks == nil || len(n.chunks) == maxChunks {
		n.chunks = map[int64][]byte{}
	}
	chunk := make([]byte, chunkSize)
	got, _ := n.in.ReadAt(chunk, number*chunkSize)
	n.chunks[number] = chunk[:got]
	return chunk[:got]
}
