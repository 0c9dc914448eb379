package docs

import (
	"fmt"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// room is a package, or several of one kind: then the path is a pattern, and what
// says what they are. Imports are the rooms that its code uses, tests apart: these,
// and no others. A test holds the list against the code.
type room struct{ path, what, imports string }

// rooms is the house from the roof down: no room imports one that stands above it.
var rooms = []room{
	{"cmd/ptwalk", "", "cmd/ptwalk/internal/present cmd/ptwalk/internal/man cmd/ptwalk/internal/lesson cmd/ptwalk/internal/help cmd/ptwalk/internal/try cmd/ptwalk/internal/step cmd/ptwalk/internal/count cmd/ptwalk/internal/attach cmd/ptwalk/internal/syscalls cmd/ptwalk/internal/doctor cmd/ptwalk/internal/explain cmd/ptwalk/internal/handout cmd/ptwalk/internal/quiz cmd/ptwalk/internal/replay cmd/ptwalk/internal/site cmd/ptwalk/internal/completion cmd/ptwalk/internal/reset cmd/ptwalk/internal/version cmd/ptwalk/internal/program cmd/ptwalk/internal/base lessons lessons/stage/cli lessons/stage/supervise/quit lessons/stage/exit"},
	{"internal/kernels", "", "lessons internal/kernels/wire"},
	{"internal/kernels/guest", "", "internal/kernels/wire"},
	{"internal/kernels/probe", "", ""},
	{"cmd/ptwalk/internal/present", "", "cmd/ptwalk/internal/lesson cmd/ptwalk/internal/base lessons/stage/cli lessons/stage/present"},
	{"cmd/ptwalk/internal/man", "", "cmd/ptwalk/internal/help cmd/ptwalk/internal/base lessons lessons/stage/cli"},
	{"cmd/ptwalk/internal/lesson", "", "cmd/ptwalk/internal/help cmd/ptwalk/internal/suggest cmd/ptwalk/internal/base lessons lessons/stage/cli lessons/stage"},
	{"cmd/ptwalk/internal/help", "", "cmd/ptwalk/internal/base lessons lessons/stage/cli"},
	{"cmd/ptwalk/internal/try", "", "cmd/ptwalk/internal/program cmd/ptwalk/internal/base lessons/stage/cli lessons/explain lessons/stage/query lessons/stage/readline lessons/stage lessons/stage/supervise lessons/stage/exit lessons/stage/event tracer/symbols tracer tracer/names asm"},
	{"cmd/ptwalk/internal/step", "", "cmd/ptwalk/internal/program cmd/ptwalk/internal/base lessons/stage/cli lessons/stage lessons/stage/exit lessons/stage/render lessons/stage/event tracer/procfs tracer tracer/user"},
	{"cmd/ptwalk/internal/count", "", "cmd/ptwalk/internal/program cmd/ptwalk/internal/base lessons/stage/cli tracer/count/block tracer/count tracer"},
	{"cmd/ptwalk/internal/attach", "", "cmd/ptwalk/internal/program cmd/ptwalk/internal/base lessons/stage/cli lessons/stage lessons/stage/supervise lessons/stage/exit lessons/stage/render lessons/stage/event tracer/doctor tracer/disasm tracer/symbols tracer/seize tracer/procfs tracer tracer/names"},
	{"cmd/ptwalk/internal/syscalls", "", "cmd/ptwalk/internal/program cmd/ptwalk/internal/base lessons/stage/cli lessons/stage lessons/stage/exit lessons/stage/render lessons/stage/event tracer/syscalls tracer/syscalls/decode tracer/doctor tracer tracer/names"},
	{"cmd/ptwalk/internal/doctor", "", "cmd/ptwalk/internal/suggest cmd/ptwalk/internal/base lessons lessons/stage/cli lessons/stage lessons/stage/exit lessons/stage/event tracer/doctor"},
	{"cmd/ptwalk/internal/explain", "", "cmd/ptwalk/internal/base lessons/stage/cli lessons/explain lessons/stage"},
	{"cmd/ptwalk/internal/handout", "", "cmd/ptwalk/internal/suggest cmd/ptwalk/internal/base lessons/handout lessons lessons/replay lessons/stage/cli lessons/stage"},
	{"cmd/ptwalk/internal/quiz", "", "cmd/ptwalk/internal/suggest cmd/ptwalk/internal/base lessons/quiz lessons lessons/replay lessons/stage/cli"},
	{"cmd/ptwalk/internal/replay", "", "cmd/ptwalk/internal/base lessons/slide lessons lessons/replay lessons/stage/cli lessons/stage lessons/stage/exit lessons/stage/event"},
	{"cmd/ptwalk/internal/site", "", "cmd/ptwalk/internal/base lessons/site lessons lessons/replay lessons/stage/cli"},
	{"cmd/ptwalk/internal/completion", "", "cmd/ptwalk/internal/base lessons lessons/stage/cli"},
	{"cmd/ptwalk/internal/reset", "", "cmd/ptwalk/internal/base lessons/stage/cli"},
	{"cmd/ptwalk/internal/version", "", "cmd/ptwalk/internal/base lessons/stage/cli"},
	{"cmd/ptwalk/internal/suggest", "", "cmd/ptwalk/internal/base lessons lessons/stage tracer/names"},
	{"cmd/ptwalk/internal/program", "", "cmd/ptwalk/internal/base lessons/stage/cli lessons/stage lessons/stage/supervise lessons/stage/supervise/quit lessons/stage/render tracer/doctor tracer/killset tracer/procfs tracer"},
	{"cmd/ptwalk/internal/base", "", "lessons/stage/cli"},
	{"cmd/[0-9]*", "Each lesson as a program of its own.", "lessons lessons/[0-9]* lessons/stage/cli"},
	{"lessons/site", "", "docs/pictures lessons/handout docs lessons lessons/stage lessons/stage/render lessons/stage/event/states lessons/stage/event tracer/disasm tracer/symbols tracer tracer/names asm"},
	{"docs/pictures", "", "lessons/replay lessons/stage/render lessons/stage/event/states lessons/stage/event tracer"},
	{"lessons/slide", "", "lessons/handout lessons/stage/render lessons/stage/event tracer"},
	{"lessons/handout", "", "docs lessons lessons/stage lessons/stage/render lessons/stage/event tracer tracer/names"},
	{"docs", "", "lessons lessons/stage tracer/doctor tracer/names"},
	{"lessons/quiz", "", "lessons/stage lessons/stage/render lessons/stage/event"},
	{"lessons", "", "lessons/replay lessons/[0-9]* lessons/stage lessons/stage/event tracer/doctor"},
	{"lessons/replay", "", "lessons/stage/event"},
	{"lessons/[0-9]*", "The lessons.", "lessons/stage tracer tracer/names tracer/user asm"},
	{"lessons/stage/cli", "", "lessons/stage/present lessons/explain lessons/stage lessons/stage/supervise lessons/stage/supervise/quit lessons/stage/exit lessons/stage/render lessons/stage/event"},
	{"lessons/stage/present", "", "lessons/explain lessons/stage/query lessons/stage/readline lessons/stage lessons/stage/supervise lessons/stage/exit lessons/stage/render lessons/stage/event tracer tracer/names"},
	{"lessons/explain", "", "lessons/stage/event tracer/doctor tracer tracer/names tracer/user asm"},
	{"lessons/stage/query", "", "lessons/stage/readline lessons/stage/event tracer/disasm tracer/symbols tracer tracer/names tracer/user"},
	{"lessons/stage/readline", "", ""},
	{"lessons/stage", "", "lessons/stage/supervise lessons/stage/exit lessons/stage/event tracer/doctor tracer/disasm/meaning tracer/disasm tracer/symbols tracer/trapflag tracer/procfs tracer tracer/names tracer/x86 asm"},
	{"lessons/stage/supervise", "", "lessons/stage/supervise/quit lessons/stage/exit tracer/killset tracer/procfs tracer"},
	{"lessons/stage/supervise/quit", "", ""},
	{"lessons/stage/exit", "", "tracer"},
	{"lessons/stage/render", "", "lessons/stage/event tracer tracer/names"},
	{"lessons/stage/event/eventtest", "", "lessons/stage/event tracer"},
	{"lessons/stage/event/states", "", "lessons/stage/event tracer"},
	{"lessons/stage/event", "", "tracer tracer/names"},
	{"tracer/count/bench", "", "tracer/count/block tracer/count tracer/procfs tracer"},
	{"tracer/count/block", "", "tracer/count tracer/procfs tracer tracer/user tracer/x86/kind tracer/x86"},
	{"tracer/count", "", "tracer/symbols tracer/trapflag tracer/deathsig tracer/killset tracer/procfs tracer tracer/names tracer/user tracer/x86/kind tracer/x86"},
	{"tracer/syscalls", "", "tracer/deathsig tracer/seize tracer/killset tracer/procfs tracer"},
	{"tracer/syscalls/decode", "", "tracer tracer/names"},
	{"tracer/doctor", "", "tracer/killset tracer/procfs tracer tracer/names tracer/user tracer/x86 asm"},
	{"tracer/disasm/meaning", "", "tracer/disasm tracer tracer/names tracer/x86"},
	{"tracer/disasm", "", "tracer"},
	{"tracer/symbols", "", "tracer/procfs tracer tracer/x86"},
	{"tracer/trapflag", "", "tracer/procfs tracer tracer/names tracer/user tracer/x86/kind tracer/x86"},
	{"tracer/deathsig", "", "tracer tracer/x86"},
	{"tracer/seize", "", "tracer/procfs tracer"},
	{"tracer/killset", "", "tracer/procfs tracer"},
	{"tracer/procfs", "", "tracer tracer/x86"},
	{"tracer", "", "tracer/names tracer/user tracer/x86"},
	{"tracer/names", "", "tracer/user"},
	{"tracer/user", "", ""},
	{"tracer/x86/kind", "", "tracer/x86"},
	{"tracer/x86", "", ""},
	{"tracer/disasm/meaning/sentencecheck/checkevents", "", "tracer/disasm/meaning/sentencecheck"},
	{"tracer/disasm/meaning/sentencecheck", "", ""},
	{"tracer/names/internal/gen", "", ""},
	{"internal/cmdtest", "", "internal/become internal/ptytest asm"},
	{"internal/become", "", "internal/seccomptest asm"},
	{"internal/seccomptest", "", ""},
	{"internal/ptytest", "", ""},
	{"internal/kernels/wire", "", ""},
	{"asm", "", ""},
	{"docs/plain", "", ""},
	{"docs/plain/[0-9]*", "Each lesson's point once more, without our packages.", ""},
	{"docs/pictures/terminal", "", ""},
}

// roomOf is where a package stands in rooms, or -1.
func roomOf(pkg string) int {
	return slices.IndexFunc(rooms, func(r room) bool {
		ok, err := path.Match(r.path, pkg)
		return ok && err == nil
	})
}

// roomTable is the house as Markdown.
func roomTable(module fs.FS, _ []string) (language, text string, err error) {
	var out strings.Builder
	out.WriteString("\n| room | what is in it | it imports |\n|---|---|---|\n")
	for _, r := range rooms {
		what := r.what
		if what == "" {
			if what, err = synopsisOf(module, r.path); err != nil {
				return "", "", err
			}
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s |\n", r.path, what, strings.Join(r.importsBriefly(), ", "))
	}
	return "", out.String() + "\n", nil
}

// importsBriefly are the imports, with the internal packages below the room as one.
func (r room) importsBriefly() (out []string) {
	for _, name := range strings.Fields(r.imports) {
		switch {
		case !strings.HasPrefix(name, r.path+"/internal/"):
			out = append(out, name)
		case len(out) == 0:
			out = append(out, "all below it in internal")
		}
	}
	return out
}

// synopsisOf is the first sentence of the comment of the package in a folder,
// without the words that all begin with.
func synopsisOf(module fs.FS, folder string) (string, error) {
	files, err := fs.Glob(module, folder+"/*.go")
	if err != nil {
		return "", err
	}
	for _, file := range files {
		text, err := fs.ReadFile(module, file)
		if err != nil {
			return "", err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			return "", err
		}
		if parsed.Doc == nil || strings.HasSuffix(file, "_test.go") {
			continue
		}
		said := new(doc.Package).Synopsis(parsed.Doc.Text())
		for _, begin := range []string{"Package " + parsed.Name.Name + " ", "Command " + path.Base(folder) + " ", path.Base(folder) + " "} {
			said = strings.TrimPrefix(said, begin)
		}
		return said, nil
	}
	return "", fmt.Errorf("%s: no file has a comment of its package", folder)
}
