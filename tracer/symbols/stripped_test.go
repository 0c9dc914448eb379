package symbols

import (
	"debug/elf"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"ptwalk/tracer"
)

// This very test is a Go program, whether its symbols were kept or not.
func TestNamesOfGo(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table := &Table{byName: map[string]Symbol{}}
	table.addGo("me", f)
	table.order()
	s, ok := table.Lookup("ptwalk/tracer/symbols.TestNamesOfGo")
	if !ok || s.Object != "me" || s.Size == 0 {
		t.Fatalf("Lookup of this test = %v, %v, among %d functions", s, ok, len(table.functions))
	}
	if found, off, ok := table.Find(s.Addr + tracer.Addr(s.Size) - 1); !ok || found.Name != s.Name || off != s.Size-1 {
		t.Errorf("at its last byte is %q+%d, %v", found.Name, off, ok)
	}
}

func TestNamesOfDWARF(t *testing.T) {
	f := openELF(t, "mallocline")
	table := &Table{byName: map[string]Symbol{}}
	table.addDWARF("mallocline", f)
	table.order()
	want, _ := FromELF("mallocline", f).Lookup("main")
	s, off, ok := table.Find(want.Addr + 1)
	if !ok || s.Name != "main" || s.Addr != want.Addr || s.Size != want.Size || off != 1 {
		t.Errorf("DWARF has %v+%d, %v; the symbol is %v", s, off, ok, want)
	}
}

func TestDebugFile(t *testing.T) {
	f, err := elf.Open("/bin/sh")
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	note := f.Section(".note.gnu.build-id")
	if note == nil {
		t.Skip("the shell of this machine has no build id")
	}
	data, err := note.Data()
	if err != nil {
		t.Fatal(err)
	}
	id, folder := hex.EncodeToString(data[16:]), t.TempDir()
	if got := debugFile(f, folder); got != nil {
		t.Error("a debug file was opened, and none is there")
	}
	names, err := os.ReadFile(filepath.Join(bin, "hello64"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, id[:2]), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, id[:2], id[2:]+".debug"), names, 0o600); err != nil {
		t.Fatal(err)
	}
	got := debugFile(f, folder)
	if got == nil {
		t.Fatal("the debug file was not opened")
	}
	defer got.Close()
	if _, ok := FromELF("x", got).Lookup("_start"); !ok {
		t.Error("it is not the file that was put there")
	}
}
