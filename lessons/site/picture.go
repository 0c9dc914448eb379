package site

import (
	"html/template"
	"regexp"
	"strings"

	"ptwalk/docs"
	"ptwalk/docs/pictures"
)

// isDrawn says whether a picture takes its colours from the page around it.
func isDrawn(svg string) bool { return strings.Contains(svg, `class="`+pictures.Class+`"`) }

var declarations = regexp.MustCompile(`(?s)<style>.*?</style>\n?`)

// drawn is a picture of ours to stand in a page. Its own colours are for places
// where it stands alone.
func drawn(file string) template.HTML {
	text, err := docs.Pages.ReadFile(file)
	if err != nil {
		return ""
	}
	return template.HTML(`<span class="picture" tabindex="0" role="group" aria-label="Picture">` + strings.TrimSpace(declarations.ReplaceAllString(string(text), "")) + "</span>")
}
