package program

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ptwalk/asm"
	"ptwalk/internal/become"
	"ptwalk/internal/cmdtest"
)

// Starting a program.

// tools are the commands that start somebody's program.
var tools = []string{"ptwalk count", "ptwalk step --plain --limit 10"}

// cannot runs both tools on a program that cannot be run: the status, one clear
// sentence with a word in it, and nothing on standard output.
func cannot(t *testing.T, status int, word string, program ...string) {
	t.Helper()
	for _, tool := range tools {
		e := cmdtest.Run(t, append(strings.Fields(tool), program...))
		e.Wants(t, status, word)
		e.OneSentence(t)
		if e.Stdout != "" {
			t.Errorf("%s %q writes to standard output: %s", tool, program, e.Stdout)
		}
	}
}

func exits(t *testing.T, tool string, status int, program ...string) {
	t.Helper()
	if e := cmdtest.Run(t, append(strings.Fields(tool), program...)); e.Status != status {
		t.Errorf("%s %q: status %d, want %d\n%s", tool, program, e.Status, status, e.Stderr)
	}
}

func TestA03NoFormatOfTheKernel(t *testing.T) {
	hello := asm.Hello64.Bytes()
	foreign := bytes.Clone(hello)
	foreign[18], foreign[19] = byte(elf.EM_AARCH64), 0 // e_machine
	for name, c := range map[string]struct {
		data []byte
		word string
	}{
		"empty":   {nil, "empty file"},
		"cut":     {hello[:60], "damaged ELF file"},
		"foreign": {foreign, "another machine"},
	} {
		t.Run(name, func(t *testing.T) { cannot(t, 126, c.word, cmdtest.File(t, name, c.data, 0o755)) })
	}
}

func TestA04LoaderIsMissing(t *testing.T) {
	sh, err := os.ReadFile("/bin/sh")
	cmdtest.Must(t, err)
	loader := interpreter(t, sh)
	other := bytes.Replace(sh, []byte(loader), []byte("/no"+loader[3:]), 1)
	cannot(t, 126, "needs the dynamic loader", cmdtest.File(t, "sh", other, 0o755))
}

func interpreter(t *testing.T, image []byte) string {
	t.Helper()
	f, err := elf.NewFile(bytes.NewReader(image))
	cmdtest.Must(t, err)
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			name := make([]byte, p.Filesz-1)
			_, err := p.ReadAt(name, 0)
			cmdtest.Must(t, err)
			return string(name)
		}
	}
	t.Skip("/bin/sh has no dynamic loader here")
	return ""
}

// An ordinary user's set-user-ID program runs without its privileges while it is
// traced, and root's runs with them.
func TestA10SetUserID(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "root")
	program := cmdtest.Compile(t, "copy")
	cmdtest.OpenTo(t, program, os.ModeSetuid|0o755)
	user := "become " + become.Nobody + " -- "
	run := func(command string) cmdtest.Ending {
		e := cmdtest.Run(t, strings.Fields(command+" "+program+" /proc/self/status"), cmdtest.InRoot)
		if e.Status != 0 {
			t.Errorf("%s: status %d\n%s", command, e.Status, e.Stderr)
		}
		return e
	}
	ordinary, asRoot := "Uid:\t65534\t65534\t65534", "Uid:\t0\t0\t0"
	if e := run(strings.TrimSuffix(user, " ")); strings.Contains(e.Stdout, ordinary) {
		t.Skip("the folder for temporary files is mounted with nosuid")
	}
	for _, tool := range []string{"ptwalk count -o /dev/null", "ptwalk step --limit 1"} {
		e := run(user + tool)
		if !strings.Contains(e.Stdout, ordinary) || !strings.Contains(e.Stderr, "has the set-user-ID bit") {
			t.Errorf("%s: want a warning and the ids of the user\n%s\n%s", tool, e.Stderr, e.Stdout)
		}
		e = run(tool)
		if !strings.Contains(e.Stdout, asRoot) || strings.Contains(e.Stderr, "warning") {
			t.Errorf("%s as root: want no warning\n%s\n%s", tool, e.Stderr, e.Stdout)
		}
	}
}

// A program that its user may not read is stepped without a word of its code, the
// reason stands above the rows, and it is not counted.
func TestA11NotReadable(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "root")
	path := cmdtest.File(t, "hello64", asm.Hello64.Bytes(), 0o711)
	cmdtest.OpenTo(t, path, 0o711)
	for _, engine := range []string{"block", "step"} {
		e := cmdtest.AsNobody(t, "ptwalk", "count", "--engine="+engine, path)
		if e.Status != 125 || e.Stdout != "" || !strings.Contains(e.Stderr, "its file may not be read") || !strings.Contains(e.Stderr, "[PT-NODUMP]") {
			t.Errorf("count: status %d, want 125\n%s\n%s", e.Status, e.Stderr, e.Stdout)
		}
	}
	e := cmdtest.AsNobody(t, "ptwalk", "step", "--plain", path)
	if e.Status != 1 || e.Stderr != "" || !strings.Contains(e.Stdout, "Hello") || strings.Count(e.Stdout, "[PT-NODUMP]") != 1 {
		t.Errorf("step: status %d, want 1\n%s\n%s", e.Status, e.Stderr, e.Stdout)
	}
}

// A program that makes itself not dumpable is counted as long as that can be done
// without a trace.
func TestA11ClosesItself(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "root")
	path := cmdtest.Compile(t, "closes")
	cmdtest.OpenTo(t, path, 0o755)
	for _, engine := range []string{"block", "step"} {
		count := []string{"ptwalk", "count", "--engine=" + engine, "-o", "/dev/null", path}
		cmdtest.AsNobody(t, count...).Wants(t, 30, "")
		e := cmdtest.AsNobody(t, append(count, "flags")...)
		if e.Status != 125 || !strings.Contains(e.Stderr, "it has called prctl(PR_SET_DUMPABLE)") {
			t.Errorf("--engine=%s: status %d, want 125\n%s", engine, e.Status, e.Stderr)
		}
		cmdtest.Run(t, append(count, "flags")).Wants(t, 30, "") // root is not refused
	}
}

// hello is a program of each kind that needs no library here.
func TestA13KindsOfPrograms(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "gcc")
	source := cmdtest.File(t, "eight.c", []byte("int main(void) { return 8; }\n"), 0o644)
	for kind, flags := range map[string]string{
		"static": "-static -no-pie", "static-pie": "-static-pie", "dynamic": "-no-pie", "pie": "-pie -fPIE",
	} {
		t.Run(kind, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "eight")
			if out, err := exec.Command("gcc", append(strings.Fields(flags), "-o", path, source)...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			exitsAsNatively(t, 8, path)
			if kind == "static" {
				exits(t, "ptwalk count", 8, path)
			}
		})
	}
	t.Run("script", func(t *testing.T) {
		exitsAsNatively(t, 8, cmdtest.File(t, "eight", []byte("#!/bin/sh\nexit 8\n"), 0o755))
	})
	t.Run("no name", func(t *testing.T) {
		e := cmdtest.Run(t, []string{"sh", "-c", "exec 9<" + cmdtest.File(t, "one", asm.Hello64.Bytes(), 0o755) + "; exec ptwalk count /proc/self/fd/9"})
		if e.Status != 1 {
			t.Errorf("status %d, want 1\n%s", e.Status, e.Stderr)
		}
	})
	t.Run("deleted", func(t *testing.T) {
		path := cmdtest.File(t, "gone", asm.Ticker.Bytes(), 0o755)
		k := cmdtest.Program(t, path)
		cmdtest.Must(t, os.Remove(path))
		e := cmdtest.Run(t, []string{"ptwalk", "attach", k.String()})
		e.Wants(t, 0, "")
		if !strings.Contains(e.Stdout, "gone") {
			t.Errorf("the name is missing:\n%s", e.Stdout)
		}
		k.Unharmed()
	})
}

// exitsAsNatively steps a little, which is cmdtest.Soon done.
func exitsAsNatively(t *testing.T, status int, program ...string) {
	t.Helper()
	exits(t, "ptwalk step --limit 100", status, program...)
}
