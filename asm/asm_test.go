package asm

import (
	"debug/dwarf"
	"debug/elf"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// each runs check as a subtest for every bundled program.
func each(t *testing.T, check func(t *testing.T, target Target)) {
	for _, target := range Targets {
		t.Run(target.Name, func(t *testing.T) { check(t, target) })
	}
}

func TestEveryBuiltFileHasATarget(t *testing.T) {
	want := []string{"VERSIONS"}
	for _, target := range Targets {
		want = append(want, target.Name)
	}
	slices.Sort(want)
	if got := targetNames(t, built, "bin"); !slices.Equal(got, want) {
		t.Errorf("asm/bin holds\n%v, and Targets says\n%v", got, want)
	}
}

func TestEverySourceHasATarget(t *testing.T) {
	want := []string{"syscall.h"}
	for _, target := range Targets {
		want = append(want, path.Base(target.Source))
	}
	slices.Sort(want)
	if got := targetNames(t, sources, "src"); !slices.Equal(got, want) {
		t.Errorf("asm/src holds\n%v, and Targets says\n%v", got, want)
	}
}

func targetNames(t *testing.T, files fs.FS, dir string) []string {
	t.Helper()
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestSourcesBeginWithAHeadComment(t *testing.T) {
	each(t, func(t *testing.T, target Target) {
		text := target.SourceText()
		head := "/*\n * " + target.Name + ": "
		if path.Ext(target.Source) == ".asm" {
			head = "; " + target.Name + ": "
		}
		if !strings.HasPrefix(text, head) {
			t.Errorf("%s does not begin with %q", target.Source, head)
		}
		if !regexp.MustCompile(`(?i)tracer`).MatchString(text) {
			t.Errorf("%s does not say what a tracer must see", target.Source)
		}
		for i, line := range strings.Split(text, "\n") {
			if width := len(strings.ReplaceAll(line, "\t", "        ")); width > 100 {
				t.Errorf("%s:%d: %d columns", target.Source, i+1, width)
			}
		}
	})
}

func TestSummaryFitsOnOneLine(t *testing.T) {
	each(t, func(t *testing.T, target Target) {
		if s := target.Summary; s == "" || len(s) > 80 || strings.Trim(s, printable) != "" {
			t.Errorf("the summary is no line of at most 80 ASCII characters: %q", s)
		}
	})
}

var printable = func() string {
	var b strings.Builder
	for c := byte(' '); c < 0x7f; c++ {
		b.WriteByte(c)
	}
	return b.String()
}()

func TestExitInWords(t *testing.T) {
	for _, c := range []struct {
		target Target
		want   string
	}{
		{Hello64, "exits with status 1"},
		{HelloC, "exits with status 0"},
		{Crash, "is killed by signal 11"},
		{Ticker, "runs until it is killed"},
	} {
		if got := c.target.Exit.String(); got != c.want {
			t.Errorf("%s %s, want %s", c.target.Name, got, c.want)
		}
	}
}

// What makes steps and addresses repeat: no dynamic linker, no relocation. What
// makes the bytes repeat: no build id, no compiler version, no path of a machine.
func TestProgramsAreStaticFixedAndAnonymous(t *testing.T) {
	machinePath := regexp.MustCompile(`/(work|build|home|root|tmp|usr)/`)
	each(t, func(t *testing.T, target Target) {
		f := parse(t, target)
		class, machine := elf.ELFCLASS64, elf.EM_X86_64
		if target.Arch == "i386" {
			class, machine = elf.ELFCLASS32, elf.EM_386
		}
		if f.Class != class || f.Machine != machine {
			t.Errorf("%v %v, and Arch says %s", f.Class, f.Machine, target.Arch)
		}
		pie := strings.Contains(target.SourceText(), "build: pie\n")
		if want := map[bool]elf.Type{true: elf.ET_DYN, false: elf.ET_EXEC}[pie]; f.Type != want {
			t.Errorf("type %v, want %v, by what its head says of its build", f.Type, want)
		}
		stack := false
		for _, p := range f.Progs {
			switch p.Type {
			case elf.PT_DYNAMIC:
				if !pie {
					t.Errorf("it has a segment %v", p.Type)
				}
			case elf.PT_INTERP, elf.PT_NOTE:
				t.Errorf("it has a segment %v", p.Type)
			case elf.PT_GNU_STACK:
				stack = true
			}
			if p.Type == elf.PT_LOAD && p.Vaddr+p.Memsz > 1<<32 {
				t.Errorf("segment at %#x, above 4 GiB", p.Vaddr)
			}
			if p.Flags&elf.PF_X != 0 && (p.Flags&elf.PF_W != 0 || p.Type == elf.PT_GNU_STACK) {
				t.Errorf("segment %v at %#x is %v", p.Type, p.Vaddr, p.Flags)
			}
		}
		if !stack {
			t.Error("no PT_GNU_STACK: the kernel would make the stack executable")
		}
		if f.Section(".note.gnu.build-id") != nil || f.Section(".comment") != nil {
			t.Error("it has a build id or a compiler version")
		}
		if m := machinePath.Find(target.Bytes()); m != nil {
			t.Errorf("the path of a machine is inside: %s", m)
		}
		if n := len(target.Bytes()); n > 40_000 {
			t.Errorf("%d bytes, want at most 40,000", n)
		}
	})
}

// The names that lessons and their tests look up.
func TestSymbols(t *testing.T) {
	for _, c := range []struct {
		target Target
		names  []string
	}{
		{Hello32, []string{"_start", "message"}},
		{Hello64, []string{"_start", "message"}},
		{Int80In64, []string{"_start", "first", "second", "message"}},
		{HelloC, []string{"_start", "main", "puts"}},
		{Volunteer, []string{"_start", "main"}},
		{Exits7, []string{"_start", "main"}},
		{Blocker, []string{"_start", "main"}},
		{Crash, []string{"_start", "fault", "spare"}},
		{RepSS, []string{"_start", "rep_ten", "rep_zero", "mov_ss", "shadow", "after"}},
		{MallocLine, []string{"main", "malloc", "__libc_malloc_impl", "free"}},
		{Ticker, []string{"counter", "nap", "tick_forever"}},
		{Tickers, []string{"counters", "tick_forever", "nanosleep", "pthread_create"}},
		{Stranger, []string{"_start", "main"}},
		{Handler, []string{"count_signal", "restore", "counted", "main"}},
		{Crew, []string{"areas", "main"}},
		{Breeder, []string{"wanted", "main"}},
	} {
		for _, name := range c.names {
			if s := symbol(t, c.target, name); s.Value == 0 {
				t.Errorf("%s: symbol %s has no address", c.target.Name, name)
			}
		}
	}
}

func TestCountersAreWords(t *testing.T) {
	if s := symbol(t, Ticker, "counter"); s.Size != 8 {
		t.Errorf("counter has %d bytes, want 8", s.Size)
	}
	if s := symbol(t, Tickers, "counters"); s.Size != 4*8 {
		t.Errorf("counters has %d bytes, want four words", s.Size)
	}
}

func TestMallocLineHasOneRangeOfAddresses(t *testing.T) {
	var line int
	for i, text := range strings.Split(MallocLine.SourceText(), "\n") {
		if strings.Contains(text, "= malloc(") {
			if line != 0 {
				t.Fatalf("malloc is called in lines %d and %d", line, i+1)
			}
			line = i + 1
		}
	}
	data, err := parse(t, MallocLine).DWARF()
	if err != nil {
		t.Fatal(err)
	}
	unit, err := data.Reader().Next()
	if err != nil {
		t.Fatal(err)
	}
	table, err := data.LineReader(unit)
	if err != nil {
		t.Fatal(err)
	}
	var starts, ends []uint64
	var entry, previous dwarf.LineEntry
	for {
		err := table.Next(&entry)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if entry.File.Name != MallocLine.Source {
			t.Errorf("the line table names %q, want %q", entry.File.Name, MallocLine.Source)
		}
		if entry.Line == line {
			starts = append(starts, entry.Address)
		} else if previous.Line == line {
			ends = append(ends, entry.Address)
		}
		previous = entry
	}
	if len(starts) != 1 || len(ends) != 1 {
		t.Fatalf("line %d starts at %#x and ends at %#x, want one of each", line, starts, ends)
	}
	main := symbol(t, MallocLine, "main")
	if starts[0] <= main.Value || ends[0] <= starts[0] || ends[0] >= main.Value+main.Size {
		t.Errorf("line %d is [%#x, %#x), which is not inside main", line, starts[0], ends[0])
	}
}

func parse(t *testing.T, target Target) *elf.File {
	t.Helper()
	f, err := target.ELF()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func symbol(t *testing.T, target Target, name string) elf.Symbol {
	t.Helper()
	symbols, err := parse(t, target).Symbols()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range symbols {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("%s has no symbol %s", target.Name, name)
	return elf.Symbol{}
}
