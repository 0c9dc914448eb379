// Package site writes the walk as pages for a browser: a chapter for each
// lesson, with its code beside it, and a player that steps through a recorded
// run. The pages need no server and no network.
package site

import (
	"bytes"
	"cmp"
	"embed"
	"html/template"
	"io/fs"
	"slices"
	"strings"

	"ptwalk/docs"
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

// For is whom the pages are for.
type For int

// Who reads the pages. Students get no solutions.
const (
	Everybody For = iota
	Students
)

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

// leaf is a page that is made, before it has its frame.
type leaf struct {
	name     string // "01-traceme/index.html"
	title    string
	short    string // for links before and after
	template string // "chapter.html"
	styles   []string
	scripts  []string // of assets, in the order in which they are loaded
	recorded string   // on which kernel and machine, and with which ptwalk
	lesson   string   // whose page it is, or ""
	row      string   // pages of one row are read one after the other
	body     any
	entries  []entry // what a search finds in it
}

// Files are all files of the site, sorted by name. The same recordings make the
// same bytes.
func Files(recordings []Recording, readers For) ([]File, error) {
	leaves, err := allLeaves(recordings, readers)
	if err != nil {
		return nil, err
	}
	var files []File
	for i, l := range leaves {
		var out bytes.Buffer
		if err := templates.ExecuteTemplate(&out, l.template, frameOf(leaves, i)); err != nil {
			return nil, err
		}
		files = append(files, File{l.name, out.Bytes()})
	}
	err = fs.WalkDir(assets, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := assets.ReadFile(name)
		if name == "assets/search.js" {
			data = append(data, indexScript(leaves)...)
		}
		files = append(files, File{name, data})
		return err
	})
	pictures, _ := fs.Glob(docs.Pages, "pictures/*.svg") // the pattern is a good one
	for _, name := range pictures {
		data, _ := docs.Pages.ReadFile(name)
		if isDrawn(string(data)) {
			continue // it stands in the page that shows it
		}
		files = append(files, File{name, append(data, "<!-- "+mark+" -->\n"...)})
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	return files, err
}

// allLeaves are all pages, in the order of reading.
func allLeaves(recordings []Recording, readers For) ([]leaf, error) {
	words, err := glossary()
	if err != nil {
		return nil, err
	}
	var chapters, others []leaf
	for _, r := range recordings {
		chapter, shown, err := chapterOf(r, readers, words)
		if err != nil {
			return nil, err
		}
		player, err := playerOf(r, chapter.title, shown)
		if err != nil {
			return nil, err
		}
		chapters, others = append(chapters, chapter), append(others, player)
		papers, err := papersOf(r, readers)
		if err != nil {
			return nil, err
		}
		others = append(others, papers...)
	}
	recorded := recordedOn(nil)
	if len(recordings) > 0 {
		recorded = recordedOn(recordings[0].Events)
	}
	more, err := morePages(readers, recorded)
	if err != nil {
		return nil, err
	}
	all := append([]leaf{coverOf(more, recorded)}, chapters...)
	all = append(all, more...)
	all = append(all, leaf{name: "search.html", title: "Search", short: "search", template: "search.html", row: "text",
		styles: textStyles, scripts: []string{"search.js"}, recorded: recorded})
	return append(all, others...), nil
}

// up leads from a page to the top of the site: "../" or "".
func up(name string) string { return strings.Repeat("../", strings.Count(name, "/")) }
