package site

import (
	"fmt"
	"html/template"

	"ptwalk/docs"
)

// chapter is the body of a chapter's page.
type chapter struct {
	Text     template.HTML
	Contents []heading
	Tabs     []tab
}

// tab is one of the things that stand beside the text.
type tab struct {
	ID, Name string
	Files    []shownFile
}

// shownFile is a file beside the text. ID is its place in the page.
type shownFile struct {
	ID, Path string
	HTML     template.HTML
}

// chapterOf is the page of a chapter, and which sections of the run it shows.
func chapterOf(r Recording, readers For, words []word) (leaf, map[int]bool, error) {
	name := r.ID + ".md"
	text, err := docs.Pages.ReadFile(name)
	if err != nil {
		return leaf{}, nil, err
	}
	files := sourceFiles(r.Lesson)
	t := &transcripts{recording: r, run: runOf(r.Events), anchors: map[string]bool{}, shown: map[int]bool{}}
	p := &page{name: name, up: "../", files: files, runs: t, words: words, readers: readers}
	var c chapter
	l := leaf{name: r.ID + "/index.html", template: "chapter.html", styles: []string{"site.css", "text.css", "chapter.css"},
		scripts: []string{"copy.js", "tabs.js", "light.js", "follow.js"},
		row:     "text", lesson: r.ID, recorded: recordedOn(r.Events)}
	if c.Text, l.title, c.Contents, err = p.html(text); err != nil {
		return leaf{}, nil, err
	}
	lesson := tab{ID: "lesson", Name: "The lesson, in Go"}
	for _, f := range files {
		lesson.Files = append(lesson.Files, shownFile{f.Name, f.Path, f.html(t.anchors)})
	}
	alone, err := plainTabs(r.ID)
	if err != nil {
		return leaf{}, nil, err
	}
	c.Tabs = append([]tab{lesson}, alone...)
	l.body, l.short, l.entries = c, fmt.Sprintf("chapter %d, %s", r.Lesson.Number, r.Lesson.Name), entriesOf(l.name, l.title, c.Text)
	return l, t.shown, nil
}
