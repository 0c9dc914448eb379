package symbols

import (
	"debug/dwarf"
	"debug/elf"
	"debug/gosym"
	"encoding/hex"
	"math"
	"path/filepath"
	"strings"

	"ptwalk/tracer"
)

// Where the names of a file without .symtab can still be: in the line table that
// the Go runtime needs, in DWARF, and in a file of its own.

// hasSymtab says whether the file was not stripped.
func hasSymtab(f *elf.File) bool { return f.SectionByType(elf.SHT_SYMTAB) != nil }

// rankOther is that of a name from elsewhere: any symbol goes before it.
const rankOther = 8

func (t *Table) addFunction(object, name string, start, end uint64) {
	if name == "" || start == 0 || end <= start {
		return
	}
	symbol := Symbol{clean(name), tracer.Addr(start), end - start, object}
	t.functions = append(t.functions, function{symbol, tracer.Addr(end), rankOther})
	if _, taken := t.byName[symbol.Name]; !taken {
		t.byName[symbol.Name] = symbol
	}
}

// addGo adds the functions of .gopclntab, which a Go program keeps in any case. A
// broken table adds nothing: debug/gosym promises no error for every one.
func (t *Table) addGo(object string, f *elf.File) {
	defer func() { _ = recover() }()
	var table *elf.Section
	for _, s := range f.Sections {
		if strings.HasSuffix(s.Name, ".gopclntab") && s.Type != elf.SHT_NOBITS && s.Size <= maxSection {
			table = s
		}
	}
	text := f.Section(".text")
	if table == nil || table.ReaderAt == nil || text == nil {
		return
	}
	var magic [4]byte
	if n, _ := table.ReadAt(magic[:], 0); n < len(magic) || !isLineTable(f.ByteOrder.Uint32(magic[:])) {
		return
	}
	data, err := table.Data()
	if err != nil {
		return
	}
	symbols, err := gosym.NewTable(nil, gosym.NewLineTable(data, text.Addr))
	if err != nil {
		return
	}
	for _, fn := range symbols.Funcs {
		t.addFunction(object, fn.Name, fn.Entry, fn.End)
	}
}

// isLineTable says whether a table begins as those of Go 1.2, 1.16, 1.18 and 1.20 do:
// internal/abi and debug/gosym in Go.
func isLineTable(magic uint32) bool {
	switch magic {
	case 0xfffffffb, 0xfffffffa, 0xfffffff0, 0xfffffff1:
		return true
	}
	return false
}

// addDWARF adds the functions of .debug_info that lie in one piece.
func (t *Table) addDWARF(object string, f *elf.File) {
	defer func() { _ = recover() }() // as in Lines
	if debugSize(f) > maxSection {
		return
	}
	entries := uint64(0) // each has a byte at least
	for _, s := range f.Sections {
		if strings.HasSuffix(s.Name, "debug_info") {
			entries += s.Size
		}
	}
	if entries == 0 {
		return
	}
	data, err := f.DWARF()
	if err != nil {
		return
	}
	for r := data.Reader(); entries > 0; entries-- {
		e, err := r.Next()
		if err != nil || e == nil {
			return
		}
		if e.Tag != dwarf.TagSubprogram {
			continue
		}
		name, ok := e.Val(dwarf.AttrLinkageName).(string)
		if !ok {
			name, _ = e.Val(dwarf.AttrName).(string)
		}
		if ranges, err := data.Ranges(e); err == nil && len(ranges) == 1 {
			t.addFunction(object, name, ranges[0][0], ranges[0][1])
		}
	}
}

// debugSize is how many bytes DWARF has, or more where a section of the old form says
// itself how large it becomes.
func debugSize(f *elf.File) (size uint64) {
	for _, s := range f.Sections {
		switch {
		case strings.HasPrefix(s.Name, ".zdebug_"):
			return math.MaxUint64
		case strings.Contains(s.Name, "debug_"):
			size += min(s.Size, math.MaxUint32)
		}
	}
	return size
}

// debugFolder is where distributions put what they have stripped off.
const debugFolder = "/usr/lib/debug/.build-id"

// debugFile opens the file with the names of a stripped one, by its build id. It
// is nil where none is installed.
func debugFile(f *elf.File, folder string) *elf.File {
	note := f.Section(".note.gnu.build-id")
	if note == nil || note.Size > 4096 {
		return nil
	}
	data, err := note.Data()
	const head = 4 + 4 + 4 + 4 // the sizes of the name and of the id, the type, "GNU\0"
	if err != nil || len(data) < head+2 {
		return nil
	}
	id := hex.EncodeToString(data[head:])
	debug, err := elf.Open(filepath.Join(folder, id[:2], id[2:]+".debug"))
	if err != nil {
		return nil
	}
	return debug
}
