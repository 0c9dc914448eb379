package lessons

import (
	"embed"
	"io/fs"
	"path"
	"strings"

	"ptwalk/lessons/stage"
)

//go:embed [0-9][0-9]-*/*.go
var sources embed.FS

// Source is the text of a lesson's file. The name is that of an event's `at`,
// without the line: "lessons/02-peekuser/peekuser.go".
func Source(name string) (string, bool) {
	name, ok := strings.CutPrefix(name, "lessons/")
	if !ok {
		return "", false
	}
	text, err := sources.ReadFile(name)
	return string(text), err == nil
}

// SourceFiles are the names of a lesson's files, as Source takes them, in the
// order in which its sections are written: the file of the lesson first.
func SourceFiles(l *stage.Lesson) []string {
	first := path.Join("lessons", ID(l), l.Name+".go")
	files := []string{first}
	entries, _ := fs.Glob(sources, ID(l)+"/*.go") // the pattern is a good one
	for _, file := range entries {
		name := path.Join("lessons", file)
		if name != first && !strings.HasSuffix(name, "_test.go") {
			files = append(files, name)
		}
	}
	return files
}
