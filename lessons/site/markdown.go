package site

import (
	"fmt"
	"html/template"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"ptwalk/lessons"
)

// heading is a line of the contents list.
type heading struct{ ID, Text string }

// page turns a page of docs into HTML.
type page struct {
	name  string // the file in docs: "03-singlestep.md"
	up    string // from where the page will be to the top of the site: "../" or ""
	files []sourceFile
	runs  *transcripts // of a chapter; nil on other pages
	words []word       // of the glossary, each linked once

	readers For
	links   *linker
	err     error // the first directive that could not be followed
}

// html is the page without its first heading, that heading, and the headings of
// the second level.
func (p *page) html(markdown []byte) (body template.HTML, title string, contents []heading, err error) {
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(p, 100))),
	)
	doc := md.Parser().Parse(text.NewReader(markdown))
	p.links = &linker{p.up, p.words}
	hidden := 0 // the level of the heading of what these readers do not get
	for n := doc.FirstChild(); n != nil; {
		next := n.NextSibling()
		h, is := n.(*ast.Heading)
		if is && h.Level <= hidden {
			hidden = 0
		}
		if is && hidden == 0 && p.readers == Students && isSolutions(plain(h, markdown)) {
			hidden = h.Level
		}
		switch {
		case hidden > 0:
			doc.RemoveChild(doc, n)
		case is && h.Level == 1:
			title = plain(h, markdown)
			doc.RemoveChild(doc, h)
		case is && h.Level == 2:
			id, _ := h.AttributeString("id")
			contents = append(contents, heading{fmt.Sprintf("%s", id), plain(h, markdown)})
		}
		n = next
	}
	var out strings.Builder
	if err := md.Renderer().Render(&out, markdown, doc); err != nil {
		return "", "", nil, err
	}
	return template.HTML(tables.Replace(out.String())), title, contents, p.err
}

// isSolutions says whether a heading, or the place of one, is that of solutions.
func isSolutions(heading string) bool {
	return strings.HasPrefix(strings.ToLower(heading), "solution")
}

// tables lets wide tables scroll by themselves. An empty heading is no heading.
var tables = strings.NewReplacer(
	"<table>", `<div class="scroll" tabindex="0" role="group" aria-label="table"><table>`,
	"</table>\n", "</table></div>\n", // those of the run end without a new line
	"<th></th>", "<td></td>",
)

// plain is the text of a node and all below it.
func plain(n ast.Node, source []byte) string {
	var out strings.Builder
	ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			out.Write(t.Segment.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return out.String()
}

// RegisterFuncs names the nodes that are rendered here and not by goldmark.
func (p *page) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHTMLBlock, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkSkipChildren, nil // the directives of the weaver
	})
	r.Register(ast.KindFencedCodeBlock, p.fence)
	r.Register(ast.KindCodeBlock, func(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			code := strings.TrimRight(string(node.Lines().Value(source)), "\n")
			fmt.Fprintf(w, `<pre tabindex="0" role="group" aria-label="%s"><code>%s</code></pre>`, codeName(""), escape(code))
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(ast.KindLink, p.link)
	r.Register(ast.KindText, p.text)
	r.Register(ast.KindImage, p.image)
}

// fence is a block of code, or the place of a transcript.
func (p *page) fence(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	block := node.(*ast.FencedCodeBlock)
	lang := string(block.Language(source))
	code := strings.TrimRight(string(block.Lines().Value(source)), "\n")
	words := p.directive(node, source)
	if len(words) >= 3 && words[0] == "run" && p.runs != nil && words[1] == p.runs.recording.ID {
		number, err := strconv.Atoi(words[2])
		if err == nil {
			var html template.HTML
			if html, err = p.runs.html(number, code); err == nil {
				w.WriteString(string(html))
			}
		}
		if err != nil && p.err == nil {
			p.err = fmt.Errorf("docs/%s: %w", p.name, err)
		}
		return ast.WalkSkipChildren, nil
	}
	from := ""
	if len(words) > 1 {
		from = words[1]
	}
	if strings.Contains(from, "/") {
		fmt.Fprintf(w, `<figure class="code"><figcaption>%s</figcaption>`, escape(from))
		defer w.WriteString("</figure>")
	}
	fmt.Fprintf(w, `<pre tabindex="0" role="group" aria-label="%s"><code>%s</code></pre>`, codeName(lang), excerpt(lang, code, p.files, from))
	return ast.WalkSkipChildren, nil
}

func codeName(lang string) string {
	switch lang {
	case "go":
		return "Go code"
	case "c":
		return "C code"
	case "nasm":
		return "assembly"
	case "json":
		return "JSON"
	}
	return "text of a terminal"
}

var directiveWords = regexp.MustCompile(`"[^"]*"|[^ ]+`)

// directive is the words of the comment that stands right before a fence.
func (p *page) directive(node ast.Node, source []byte) []string {
	before, ok := node.PreviousSibling().(*ast.HTMLBlock)
	if !ok {
		return nil
	}
	text := strings.TrimSpace(string(before.Lines().Value(source)))
	if before.HasClosure() {
		text += string(before.ClosureLine.Value(source))
	}
	text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(text), "<!--"), "-->")
	return directiveWords.FindAllString(strings.TrimSpace(text), -1)
}

// link leads to another page of the site. What is no page is plain text.
func (p *page) link(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	to := p.resolve(string(node.(*ast.Link).Destination))
	switch {
	case to == "":
	case entering:
		fmt.Fprintf(w, `<a href="%s">`, escape(to))
	default:
		w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

// resolve turns a link between files of the project into one between pages of
// the site: "" if there is no such page.
func (p *page) resolve(to string) string {
	file, anchor, _ := strings.Cut(to, "#")
	switch {
	case p.readers == Students && isSolutions(anchor):
		return ""
	case strings.Contains(to, "://") || file == "":
		return to
	}
	if anchor != "" {
		anchor = "#" + anchor
	}
	file = path.Join("docs", path.Dir(p.name), file)
	if folder, name := path.Split(file); path.Ext(name) == ".go" && path.Dir(path.Dir(file)) == "lessons" {
		if _, ok := lessons.Find(path.Base(folder)); ok {
			return p.up + path.Base(folder) + "/index.html#" + name
		}
		return ""
	}
	name, ours := strings.CutPrefix(file, "docs/")
	if at := pagePath(name); at != "" && ours && p.readers.get(name) {
		return p.up + at + anchor
	}
	return ""
}
