package site

import (
	"fmt"
	"html/template"
	"path"
	"strings"

	"ptwalk/lessons"
	"ptwalk/lessons/stage"
)

// sourceFile is a file of the lesson, line by line.
type sourceFile struct {
	Name  string          // "singlestep.go"
	Path  string          // "lessons/03-singlestep/singlestep.go"
	Lines []template.HTML // with colours
	text  string
}

func sourceFiles(l *stage.Lesson) (files []sourceFile) {
	for _, name := range lessons.SourceFiles(l) {
		text, _ := lessons.Source(name)
		f := sourceFile{Name: path.Base(name), Path: name, text: text}
		for _, line := range coloured("go", strings.TrimRight(text, "\n")) {
			f.Lines = append(f.Lines, template.HTML(line))
		}
		files = append(files, f)
	}
	return files
}

// HTML is the file with a number before each line. The number of a line that
// made requests leads to the first of them in the transcripts.
func (f sourceFile) html(made map[string]bool) template.HTML {
	var out strings.Builder
	for i, line := range f.Lines {
		place := fmt.Sprintf("%s:%d", f.Name, i+1)
		number := fmt.Sprintf(`<span class="no">%4d</span>`, i+1)
		if made[place] {
			number = fmt.Sprintf(`<a class="no" href="#at-%s" aria-label="line %d, to its request">%4d</a>`, fragment(place), i+1, i+1)
		}
		fmt.Fprintf(&out, `<span class="line" id="%s" data-at="%s">%s %s</span>`+"\n", fragment(place), place, number, line)
	}
	return template.HTML(out.String())
}

// excerpt is a piece of code in the text. Where it is a piece of one of the
// lesson's files, its lines know their places.
func excerpt(lang, code string, files []sourceFile, from string) template.HTML {
	lines := coloured(lang, code)
	for _, f := range files {
		before, _, found := strings.Cut(f.text, code)
		if f.Path != from || !found {
			continue
		}
		first := strings.Count(before, "\n") + 1
		for i, line := range lines {
			lines[i] = fmt.Sprintf(`<span class="line" data-at="%s:%d">%s</span>`, f.Name, first+i, line)
		}
		break
	}
	return template.HTML(strings.Join(lines, "\n"))
}
