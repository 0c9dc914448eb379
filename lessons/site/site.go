// Package site writes the walk as pages for a browser: a chapter for each
// lesson, with its code beside it, and a player that steps through a recorded
// run. The pages need no server and no network.
package site

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"

	"ptwalk/docs"
	"ptwalk/lessons"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
)

// Recording is a recorded run of one lesson. The event at index 0 is line 1 of
// its JSON.
type Recording struct {
	ID     string // "03-singlestep"
	Lesson *stage.Lesson
	Events []event.Event
}

// File is one file of the site, by its path below the site's folder.
type File struct {
	Name string
	Data []byte
}

//go:embed assets
var assets embed.FS

//go:embed pages/*.html
var pageFiles embed.FS

var templates = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// frame is what every page has.
type frame struct {
	Up, Title string
	Scripts   []string // their names in assets, in the order in which they are loaded
	Lessons   []link
	Recorded  string // on which kernel and machine, and with which ptwalk
	Body      any
}

// InWords is how many lessons there are.
func (frame) InWords() string { return lessons.InWords() }

// playerScripts are plain scripts, not modules: a browser loads no module from
// a file.
var playerScripts = []string{"run.js", "panels.js", "ask.js", "player.js"}

type link struct {
	ID, Title, Summary string
	Number             int
	Here               bool
}

// Files are all files of the site, sorted by name. The same recordings make the
// same bytes.
func Files(recordings []Recording) ([]File, error) {
	var files []File
	add := func(name, page string, f frame) error {
		f.Up = strings.Repeat("../", strings.Count(name, "/"))
		var out bytes.Buffer
		if err := templates.ExecuteTemplate(&out, page, f); err != nil {
			return err
		}
		files = append(files, File{name, out.Bytes()})
		return nil
	}
	for i, r := range recordings {
		f := frame{Lessons: links(r.ID), Recorded: recorded(r.Events)}
		c, title, err := chapterOf(recordings, i)
		if err != nil {
			return nil, err
		}
		f.Title, f.Scripts, f.Body = title, []string{"chapter.js"}, c
		if err := add(r.ID+"/index.html", "chapter.html", f); err != nil {
			return nil, err
		}
		f.Title, f.Scripts, f.Body = "Player: "+title, playerScripts, playerOf(r, title)
		if err := add(r.ID+"/play.html", "play.html", f); err != nil {
			return nil, err
		}
		f.Scripts = nil
		for _, p := range papersOf(r) {
			if f.Title, f.Body, err = p.title, p.body, p.err; err == nil {
				err = add(r.ID+"/"+p.name, "paper.html", f)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	first := frame{Title: "ptwalk: a walk through ptrace(2)", Lessons: links("")}
	if len(recordings) > 0 {
		first.Recorded = recorded(recordings[0].Events)
	}
	extra := first
	var more []entry
	for _, name := range extraPages() {
		body, title, err := extraPage(name)
		if err != nil {
			return nil, err
		}
		extra.Title, extra.Body = title, body
		if err := add(pagePath(name), "page.html", extra); err != nil {
			return nil, err
		}
		more = append(more, entry{pagePath(name), title})
	}
	first.Body = more
	if err := add("index.html", "index.html", first); err != nil {
		return nil, err
	}
	err := fs.WalkDir(assets, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := assets.ReadFile(name)
		files = append(files, File{name, data})
		return err
	})
	pictures, _ := fs.Glob(docs.Pages, "pictures/*.svg") // the pattern is a good one
	for _, name := range pictures {
		data, _ := docs.Pages.ReadFile(name)
		files = append(files, File{name, append(data, "<!-- "+mark+" -->\n"...)})
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	return files, err
}

// entry is a page in a list of pages.
type entry struct{ Name, Title string }

// Heading is the title with a capital letter.
func (l link) Heading() string { return strings.ToUpper(l.Title[:1]) + l.Title[1:] }

func links(here string) (out []link) {
	for _, l := range lessons.All {
		id := lessons.ID(l)
		out = append(out, link{id, l.Title, l.Summary, l.Number, id == here})
	}
	return out
}

// recorded says where a run was recorded.
func recorded(events []event.Event) string {
	for _, e := range events {
		if l, ok := e.(*event.Lesson); ok {
			return fmt.Sprintf("REPLAY of a run on Linux %s, %s, with ptwalk %s", l.Kernel, l.Machine, l.Version)
		}
	}
	return "REPLAY"
}

// extraPages are the pages of docs that are no chapters.
func extraPages() (names []string) {
	all, _ := fs.Glob(docs.Pages, "*.md") // the pattern is a good one
	for _, name := range all {
		if name != "README.md" && !isChapter(name) {
			names = append(names, name)
		}
	}
	return append(names, "plain/README.md")
}

func isChapter(name string) bool { return name[0] >= '0' && name[0] <= '9' }

// pagePath is where the site has a page of docs, or "".
func pagePath(name string) string {
	switch {
	case name == "README.md":
		return "index.html"
	case name == "plain/README.md":
		return "plain.html"
	case path.Dir(name) != "." || path.Ext(name) != ".md":
		return ""
	case isChapter(name):
		return strings.TrimSuffix(name, ".md") + "/index.html"
	}
	return strings.TrimSuffix(name, ".md") + ".html"
}

func extraPage(name string) (body template.HTML, title string, err error) {
	text, err := docs.Pages.ReadFile(name)
	if err != nil {
		return "", "", err
	}
	p := &page{name: name}
	body, title, _, err = p.html(text)
	return body, title, err
}

// chapter is the body of a chapter's page.
type chapter struct {
	Text       template.HTML
	Contents   []heading
	Files      []shownFile
	Prev, Next *link
}

type shownFile struct {
	Name, Path string
	HTML       template.HTML
}

func chapterOf(recordings []Recording, i int) (chapter, string, error) {
	r := recordings[i]
	name := r.ID + ".md"
	text, err := docs.Pages.ReadFile(name)
	if err != nil {
		return chapter{}, "", err
	}
	files := sourceFiles(r.Lesson)
	t := &transcripts{recording: r, run: runOf(r.Events), anchors: map[string]bool{}}
	p := &page{name: name, up: "../", files: files, runs: t}
	var c chapter
	var title string
	if c.Text, title, c.Contents, err = p.html(text); err != nil {
		return chapter{}, "", err
	}
	for _, f := range files {
		c.Files = append(c.Files, shownFile{f.Name, f.Path, f.html(t.anchors)})
	}
	if i > 0 {
		c.Prev = &links("")[i-1]
	}
	if all := links(""); i+1 < len(all) {
		c.Next = &all[i+1]
	}
	return c, title, nil
}
