package docs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
)

// language is what a fence says of a file.
func language(name string) (string, error) {
	switch path.Ext(name) {
	case ".go":
		return "go", nil
	case ".c", ".h":
		return "c", nil
	case ".asm":
		return "nasm", nil
	case ".sh":
		return "sh", nil
	}
	return "", fmt.Errorf("%s is no Go, C, assembly or shell file", name)
}

// fromTo is the lines of a file from one that holds the first text to the next
// one that holds the second.
func fromTo(module fs.FS, words []string) (string, string, error) {
	lang, err := language(words[0])
	if err != nil {
		return "", "", err
	}
	text, err := fs.ReadFile(module, words[0])
	if err != nil {
		return "", "", err
	}
	lines := strings.Split(string(text), "\n")
	first := holding(lines, words[1])
	if first < 0 {
		return "", "", fmt.Errorf("no line of %s holds %q", words[0], words[1])
	}
	last := first
	if len(words) == 3 {
		n := holding(lines[first+1:], words[2])
		if n < 0 {
			return "", "", fmt.Errorf("no line of %s after line %d holds %q", words[0], first+1, words[2])
		}
		last += 1 + n
	}
	return lang, strings.Join(dedented(lines[first:last+1]), "\n"), nil
}

// dedented is lines without the tabs that all of them begin with: a piece out of a
// function stands at the margin.
func dedented(lines []string) (out []string) {
	tabs := -1
	for _, line := range lines {
		if n := len(line) - len(strings.TrimLeft(line, "\t")); line != "" && (tabs < 0 || n < tabs) {
			tabs = n
		}
	}
	for _, line := range lines {
		out = append(out, line[min(len(line), max(tabs, 0)):])
	}
	return out
}

// holding is the index of the first line that holds text, or -1. Any white space
// counts as one space.
func holding(lines []string, text string) int {
	one := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	for i, line := range lines {
		if strings.Contains(one(line), one(text)) {
			return i
		}
	}
	return -1
}

// declaration is the source of a Go declaration, with its doc comment.
func declaration(module fs.FS, words []string) (string, string, error) {
	file, name := words[0], words[1]
	text, err := fs.ReadFile(module, file)
	if err != nil {
		return "", "", err
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return "", "", err
	}
	for _, decl := range parsed.Decls {
		if !declares(decl, name) {
			continue
		}
		from, to := set.Position(begin(decl)).Offset, set.Position(decl.End()).Offset
		rest, _, _ := strings.Cut(string(text[to:]), "\n") // a comment on the last line
		return "go", string(text[from:to]) + rest, nil
	}
	return "", "", fmt.Errorf("%s declares no %s", file, name)
}

// declares says whether a declaration is that of name; a method's is Type.Method.
func declares(decl ast.Decl, name string) bool {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		return receiver(d)+d.Name.Name == name
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.Name == name {
					return true
				}
			case *ast.ValueSpec:
				for _, id := range s.Names {
					if id.Name == name {
						return true
					}
				}
			}
		}
	}
	return false
}

// receiver is "Type." for a method, and nothing for a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name + "."
	}
	return ""
}

// begin is where a declaration begins: at its doc comment, if it has one.
func begin(decl ast.Decl) token.Pos {
	var doc *ast.CommentGroup
	switch d := decl.(type) {
	case *ast.FuncDecl:
		doc = d.Doc
	case *ast.GenDecl:
		doc = d.Doc
	}
	if doc != nil {
		return doc.Pos()
	}
	return decl.Pos()
}

// recording has one event of each kind, as a run printed it.
const recording = "docs/testdata/events.jsonl"

// recorded is the first event of a kind in the recording, or the first of them
// that holds a text.
func recorded(module fs.FS, words []string) (string, string, error) {
	lines, err := fs.ReadFile(module, recording)
	if err != nil {
		return "", "", err
	}
	holds := ""
	if len(words) == 2 {
		holds = words[1]
	}
	line := firstEvent(string(lines), words[0], holds)
	if line == "" {
		return "", "", fmt.Errorf("%s has no event %s", recording, strings.Join(words, " with "))
	}
	return "json", line, nil
}

// firstEvent is the first line of events that has the kind and holds a text.
func firstEvent(events, kind, holds string) string {
	for line := range strings.Lines(events) {
		if strings.Contains(line, fmt.Sprintf(`"kind":%q`, kind)) && strings.Contains(line, holds) {
			return line
		}
	}
	return ""
}
