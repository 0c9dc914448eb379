// Package symbols says which function an address lies in, for an ELF file and
// for a live process.
//
// A live process is read through /proc alone: no request of ptrace(2) is made.
package symbols

import (
	"cmp"
	"debug/elf"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"ptwalk/tracer"
)

// Symbol is one name of the symbol table of a file. See elf(5), "String and
// symbol tables".
type Symbol struct {
	Name   string
	Addr   tracer.Addr // st_value in a Table; where it lies in memory in a Process
	Size   uint64      // in bytes; 0 if the file does not say
	Object string      // base name of the file, or "[vdso]"
}

// At spells a place in the symbol, off bytes from its start: "main+0x12", or
// "main" for its first byte.
func (s Symbol) At(off uint64) string {
	if off == 0 {
		return s.Name
	}
	return fmt.Sprintf("%s+%#x", s.Name, off)
}

// Table holds the symbols of one ELF file. The zero Table is empty.
type Table struct {
	functions []function // one for each address, in order
	byName    map[string]Symbol
}

type function struct {
	Symbol
	end  tracer.Addr // first address behind it
	rank int
}

// FromELF reads the symbols of f: functions and labels in executable sections
// for [Table.Find], and variables for [Table.Lookup]. It takes .symtab, or
// .dynsym if the file is stripped, and then also the functions that the tables of
// Go and DWARF name. name is the path of the file. A file without
// symbols, or with a broken table, has an empty Table.
func FromELF(name string, f *elf.File) *Table {
	t := &Table{byName: map[string]Symbol{}}
	object := base(name)
	t.addSymbols(object, f)
	if !hasSymtab(f) {
		t.addGo(object, f)
		t.addDWARF(object, f)
	}
	t.order()
	return t
}

func (t *Table) addSymbols(object string, f *elf.File) {
	list, dynamic := readSymbols(f)
	for _, s := range list {
		n := int(s.Section)
		if n >= len(f.Sections) {
			continue
		}
		section := f.Sections[n]
		rank, isFunction := rankOf(s, section)
		symbol := Symbol{clean(s.Name), tracer.Addr(s.Value), s.Size, object}
		if isFunction {
			end := tracer.Addr(section.Addr + section.Size)
			switch {
			case s.Size > 0:
				end = symbol.Addr + tracer.Addr(s.Size)
			case dynamic: // what follows may be functions that the file does not name
				end = symbol.Addr
			}
			t.functions = append(t.functions, function{symbol, end, rank})
		}
		if kind := elf.ST_TYPE(s.Info); isFunction || kind == elf.STT_OBJECT || kind == elf.STT_NOTYPE {
			if _, taken := t.byName[symbol.Name]; !taken || elf.ST_BIND(s.Info) == elf.STB_GLOBAL {
				t.byName[symbol.Name] = symbol
			}
		}
	}
}

// rankOf says whether a symbol is code, and how good a name it is where several
// share an address: lower is better. A label of an assembly program has no type.
func rankOf(s elf.Symbol, section *elf.Section) (rank int, isFunction bool) {
	switch elf.ST_TYPE(s.Info) {
	case elf.STT_FUNC, elf.STT_GNU_IFUNC:
	case elf.STT_NOTYPE:
		if section.Flags&elf.SHF_EXECINSTR == 0 {
			return 0, false
		}
		rank = 4
	default:
		return 0, false
	}
	switch elf.ST_BIND(s.Info) {
	case elf.STB_GLOBAL:
	case elf.STB_WEAK:
		rank++
	default:
		rank += 2
	}
	return rank, true
}

// order sorts the functions, keeps the best name for each address, and ends
// those without a size at the next. One without an end is its first instruction.
func (t *Table) order() {
	slices.SortStableFunc(t.functions, func(a, b function) int {
		return cmp.Or(cmp.Compare(a.Addr, b.Addr), cmp.Compare(a.rank, b.rank), cmp.Compare(b.end, a.end), strings.Compare(a.Name, b.Name))
	})
	t.functions = slices.CompactFunc(t.functions, func(a, b function) bool { return a.Addr == b.Addr })
	for n := range t.functions {
		f := &t.functions[n]
		if f.Size == 0 && n+1 < len(t.functions) {
			f.end = min(max(f.end, f.Addr), t.functions[n+1].Addr)
		}
	}
}

// Find returns the function that a lies in and how many bytes behind its start.
// a is an address as the file spells it, before any load bias.
func (t *Table) Find(a tracer.Addr) (Symbol, uint64, bool) {
	after := sort.Search(len(t.functions), func(n int) bool { return t.functions[n].Addr > a })
	// A function can hold a label or a smaller function: look a little back.
	for n := after - 1; n >= 0 && n >= after-16; n-- {
		if f := t.functions[n]; a < f.end || a == f.Addr {
			return f.Symbol, uint64(a - f.Addr), true
		}
	}
	return Symbol{}, 0, false
}

// Lookup returns the function or the variable of that name. A global name goes
// before a local one.
func (t *Table) Lookup(name string) (Symbol, bool) {
	s, ok := t.byName[name]
	return s, ok
}

// maxName is how many bytes of a name are kept.
const maxName = 512

// clean makes a name safe to print: whatever is not printable ASCII is quoted
// as in a Go string.
func clean(name string) string {
	if len(name) > maxName {
		name = name[:maxName] + "..."
	}
	if strings.IndexFunc(name, func(r rune) bool { return r < ' ' || r > '~' }) < 0 {
		return name
	}
	var b strings.Builder
	for _, r := range name {
		if ' ' <= r && r <= '~' {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}

// base is the last part of a path, safe to print.
func base(path string) string {
	return clean(path[strings.LastIndexByte(path, '/')+1:])
}
