package site

import (
	"html/template"
	"io/fs"
	"path"
	"strings"

	"ptwalk/docs"
)

// cover is the body of the first page.
type cover struct {
	Picture template.HTML
	More    []listed
}

// listed is a page in a list of pages.
type listed struct{ Name, Title string }

func coverOf(more []leaf, recorded string) leaf {
	c := cover{Picture: drawn("pictures/three.svg")}
	for _, m := range more {
		c.More = append(c.More, listed{m.name, m.title})
	}
	return leaf{name: "index.html", title: "ptwalk: a walk through ptrace(2)", short: "cover", template: "index.html",
		styles: textStyles, row: "text", recorded: recorded, body: c}
}

// morePages are the pages of docs that are no chapters.
func morePages(readers For, recorded string) (out []leaf, err error) {
	all, _ := fs.Glob(docs.Pages, "*.md") // the pattern is a good one
	for _, name := range append(all, "plain/README.md") {
		if name == "README.md" || isChapter(name) || !readers.get(name) {
			continue
		}
		text, err := docs.Pages.ReadFile(name)
		if err != nil {
			return nil, err
		}
		to := pagePath(name)
		p := &page{name: name, readers: readers}
		body, title, _, err := p.html(text)
		if err != nil {
			return nil, err
		}
		if name == glossaryPage {
			body = withAnchors(body)
		}
		out = append(out, leaf{name: to, title: title, short: title, template: "page.html", styles: textStyles, scripts: textScripts,
			row: "text", recorded: recorded, body: body, entries: entriesOf(to, title, body)})
	}
	return out, nil
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

// get says whether these readers get a page of docs. The notes for teachers have
// answers in them.
func (f For) get(name string) bool { return f != Students || name != "teaching.md" }
