package site

import (
	"bufio"
	"fmt"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"ptwalk/docs"
)

// text is words of a page. Those of the glossary are linked in prose, and not in
// headings, in code or in other links.
func (p *page) text(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Text)
	var out strings.Builder
	buffer := bufio.NewWriter(&out)
	if n.IsRaw() {
		html.DefaultWriter.RawWrite(buffer, n.Segment.Value(source))
	} else {
		html.DefaultWriter.Write(buffer, n.Segment.Value(source))
	}
	if err := buffer.Flush(); err != nil {
		return ast.WalkStop, err
	}
	if inProse(n) {
		w.WriteString(p.links.linked(out.String()))
	} else {
		w.WriteString(out.String())
	}
	switch {
	case n.HardLineBreak():
		w.WriteString("<br>\n")
	case n.SoftLineBreak():
		w.WriteString("\n")
	}
	return ast.WalkContinue, nil
}

func inProse(n ast.Node) bool {
	for ; n != nil; n = n.Parent() {
		switch n.Kind() {
		case ast.KindLink, ast.KindHeading, ast.KindCodeSpan, ast.KindImage:
			return false
		}
	}
	return true
}

// image is a picture. One that we have drawn stands in the page itself, so that it
// has the page's colours.
func (p *page) image(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	file := path.Join(path.Dir(p.name), string(node.(*ast.Image).Destination))
	text, err := docs.Pages.ReadFile(file)
	switch {
	case err != nil && p.err == nil:
		p.err = fmt.Errorf("docs/%s: %w", p.name, err)
	case isDrawn(string(text)):
		w.WriteString(string(drawn(file)))
	default:
		fmt.Fprintf(w, `<img src="%s" alt="%s">`, escape(p.up+file), escape(plain(node, source)))
	}
	return ast.WalkSkipChildren, nil
}
