package tracer

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mayNameRegisters are the folders and files that are about x86 and may name its
// registers. A port has its own in their place: docs/porting.md.
var mayNameRegisters = []string{
	"docs/plain/", "tracer/count/", "tracer/deathsig/", "tracer/disasm/", "tracer/regs.go", "tracer/trapflag/", "tracer/user/", "tracer/x86/",
}

// namesRegisters are the files that name registers of x86-64 and should ask for PC,
// SP, Arg, SyscallNr or Result where they mean those. A lesson that is
// about registers joins it; else it may only get shorter.
var namesRegisters = []string{
	"cmd/ptwalk/internal/attach/look.go",
	"lessons/01-traceme/traceme.go",
	"lessons/02-peekuser/peekuser.go",
	"lessons/02-peekuser/syscalls.go",
	"lessons/03-singlestep/singlestep.go",
	"lessons/04-count/cost.go",
	"lessons/05-attach/attach.go",
	"lessons/06-syscalls/changed.go",
	"lessons/06-syscalls/syscalls.go",
	"lessons/08-breakpoints/breakpoints.go",
	"lessons/08-breakpoints/others.go",
	"lessons/09-watchpoints/watchpoints.go",
	"lessons/10-signals/signals.go",
	"lessons/10-signals/stops.go",
	"lessons/site/code.go",
	"lessons/site/facts.go",
	"lessons/site/gather.go",
	"lessons/stage/step.go",
	"lessons/stage/stepresult.go",
	"tracer/doctor/checks_linux.go",
}

func TestFilesThatNameRegisters(t *testing.T) {
	var found []string
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go"), strings.HasSuffix(path, "_test.go"), strings.HasSuffix(path, "_amd64.go"):
			return nil
		case slices.ContainsFunc(mayNameRegisters, func(prefix string) bool { return strings.HasPrefix(path, prefix) }):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", path), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		if namesRegister(file) {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range found {
		if !slices.Contains(namesRegisters, path) {
			t.Errorf("%s names a register of x86-64: ask for PC, SP, Arg, SyscallNr or Result, or put it into a file that may", path)
		}
	}
	for _, path := range namesRegisters {
		if !slices.Contains(found, path) {
			t.Errorf("%s names no register any more: take it out of the list", path)
		}
	}
}

// namesRegister says whether a file has a field or a constant that is a register of
// 64 bits, as regs.RIP and user.OrigRAX.
func namesRegister(file *ast.File) (found bool) {
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			found = found || registers[s.Sel.Name]
		}
		return !found
	})
	return found
}

var registers = map[string]bool{
	"RAX": true, "RBX": true, "RCX": true, "RDX": true, "RSI": true, "RDI": true, "RBP": true, "RSP": true, "RIP": true,
	"R8": true, "R9": true, "R10": true, "R11": true, "R12": true, "R13": true, "R14": true, "R15": true,
	"OrigRAX": true, "EFLAGS": true, "FSBase": true, "GSBase": true,
}
