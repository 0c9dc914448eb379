package docs

import (
	"fmt"
	"io/fs"
	"strings"

	"ptwalk/lessons"
	"ptwalk/lessons/stage"
)

// list is what a page can list of the lessons.
type list struct {
	head string // of a table
	line func(module fs.FS, l *stage.Lesson) (string, error)
}

var lists = map[string]list{
	"summaries": {"| | | |\n|---|---|---|\n", func(_ fs.FS, l *stage.Lesson) (string, error) {
		return partOf(l) + fmt.Sprintf("| %d | %s | %s |", l.Number, l.Name, l.Summary), nil
	}},
	"chapters": {"", func(_ fs.FS, l *stage.Lesson) (string, error) {
		return fmt.Sprintf("%d. [%s](%s.md): %s", l.Number, l.Name, lessons.ID(l), l.Title), nil
	}},
	"goals": {"| lesson | minutes | afterwards they can |\n|---|---|---|\n", func(_ fs.FS, l *stage.Lesson) (string, error) {
		return fmt.Sprintf("| %d %s | %d | %s |", l.Number, l.Name, l.Minutes, l.Goal), nil
	}},
	"plain": {"| Go | C | what it does |\n|---|---|---|\n", func(module fs.FS, l *stage.Lesson) (string, error) {
		id := lessons.ID(l)
		does, err := synopsisOf(module, "docs/plain/"+id)
		return fmt.Sprintf("| %s/main.go | c/%s.c | %s |", id, id, does), err
	}},
}

// partOf is the row above the first lesson of a part.
func partOf(l *stage.Lesson) string {
	for _, p := range lessons.Parts() {
		if p.Lessons()[0] == l {
			return fmt.Sprintf("| | **%s** | %s |\n", p.Title, p.About)
		}
	}
	return ""
}

// lessonList is one of the lists, as Markdown.
func lessonList(module fs.FS, words []string) (language, text string, err error) {
	list, ok := lists[words[0]]
	if !ok {
		return "", "", fmt.Errorf("there is no list of %s", words[0])
	}
	var out strings.Builder
	out.WriteString("\n" + list.head)
	for _, l := range lessons.All {
		line, err := list.line(module, l)
		if err != nil {
			return "", "", err
		}
		out.WriteString(line + "\n")
	}
	return "", out.String() + "\n", nil
}
