package symbols

import (
	"bytes"
	"debug/elf"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
)

const bin = "../../asm/bin"

func openELF(t testing.TB, name string) *elf.File {
	t.Helper()
	f, err := elf.Open(filepath.Join(bin, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// The entry point of each bundled program is the label _start, in assembly,
// where labels have neither type nor size, as in C.
func TestEntryIsStart(t *testing.T) {
	for _, name := range []string{"hello32", "hello64", "ticker", "mallocline"} {
		f := openELF(t, name)
		table := FromELF("/some/where/"+name, f)
		s, off, ok := table.Find(tracer.Addr(f.Entry))
		if !ok || s.At(off) != "_start" || s.Object != name {
			t.Errorf("%s: at its entry point is %q of %q, %v", name, s.At(off), s.Object, ok)
		}
		found, ok := table.Lookup("_start")
		if !ok || uint64(found.Addr) != f.Entry {
			t.Errorf("%s: Lookup(_start) = %v, %v; the entry point is %#x", name, found.Addr, ok, f.Entry)
		}
		if s, _, ok := table.Find(0); ok {
			t.Errorf("%s: found %q at address 0", name, s.Name)
		}
		if _, ok := table.Lookup("no such name"); ok {
			t.Errorf("%s: found a name that is not there", name)
		}
	}
}

// Functions without a size end at the next one, functions with one at their
// size, and a label inside a function does not hide the rest of it.
func TestOrder(t *testing.T) {
	add := func(t *Table, name string, from, size, end uint64, rank int) {
		t.functions = append(t.functions, function{Symbol{Name: name, Addr: tracer.Addr(from), Size: size}, tracer.Addr(end), rank})
	}
	table := &Table{}
	add(table, "last", 0x400, 0, 0x500, 0)
	add(table, "open", 0x100, 0, 0x500, 4)
	add(table, "sized", 0x200, 0x80, 0x280, 0)
	add(table, "alias", 0x200, 0x80, 0x280, 2)
	add(table, "inner", 0x240, 0x10, 0x250, 2)
	table.order()
	for _, test := range []struct {
		at   tracer.Addr
		want string
	}{
		{0x0ff, ""}, {0x100, "open"}, {0x1ff, "open+0xff"}, {0x200, "sized"}, {0x244, "inner+0x4"},
		{0x260, "sized+0x60"}, {0x280, ""}, {0x4ff, "last+0xff"}, {0x500, ""},
	} {
		got := ""
		if s, off, ok := table.Find(test.at); ok {
			got = s.At(off)
		}
		if got != test.want {
			t.Errorf("Find(%s) = %q, want %q", test.at, got, test.want)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"main.(*T).f":             "main.(*T).f",
		"a\nb\x1b[31m":            `a\nb\x1b[31m`,
		"caf\u00e9":               `caf\u00e9`,
		"\xff":                    `\ufffd`,
		strings.Repeat("x", 1000): strings.Repeat("x", maxName) + "...",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

// malloc is called on one line of mallocline.c; that line has code, a line far
// behind its end has none.
func TestLines(t *testing.T) {
	source, err := os.ReadFile("../../asm/src/mallocline.c")
	if err != nil {
		t.Fatal(err)
	}
	line := 0
	for n, text := range strings.Split(string(source), "\n") {
		if strings.Contains(text, "= malloc(") {
			line = n + 1
		}
	}
	f := openELF(t, "mallocline")
	ranges, err := Lines(f, "/elsewhere/mallocline.c", line)
	if err != nil || len(ranges) == 0 {
		t.Fatalf("line %d: %v, %v", line, ranges, err)
	}
	s, _, ok := FromELF("mallocline", f).Find(ranges[0].Start)
	if !ok || !ranges[0].Contains(ranges[0].Start) || ranges[0].Contains(ranges[0].End) {
		t.Errorf("line %d is at %v, in no function", line, ranges)
	}
	t.Logf("line %d: %v in %s", line, ranges, s.Name)
	if ranges, err := Lines(f, "mallocline.c", 100000); err != nil || ranges != nil {
		t.Errorf("line 100000: %v, %v; want none", ranges, err)
	}
}

// A damaged file gives fewer symbols or none, never a panic.
func FuzzELF(f *testing.F) {
	for _, name := range []string{"hello32", "hello64", "mallocline"} {
		data, err := os.ReadFile(filepath.Join(bin, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		img := readImage("x", bytes.NewReader(data))
		if bias, ok := img.bias(procfs.Map{Start: 0x1000, End: 0x2000, Perms: "r-xp"}); ok {
			img.table.Find(0x1000 - bias)
		}
	})
}

// A unit whose last number is cut off, which debug/dwarf reads for ever.
func TestLinesEnd(t *testing.T) {
	f := openELF(t, "mallocline")
	info := f.Section(".debug_info")
	data, err := os.ReadFile(filepath.Join(bin, "mallocline"))
	if err != nil {
		t.Fatal(err)
	}
	for n := range info.Size - 12 {
		data[info.Offset+12+n] = 0x80
	}
	broken, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if ranges, err := Lines(broken, "mallocline.c", 18); err == nil {
		t.Errorf("%v, want an error", ranges)
	}
}
