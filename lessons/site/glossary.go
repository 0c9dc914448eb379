package site

import (
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"ptwalk/docs"
)

// glossaryPage is the page of docs whose list begins each line with a word, in
// bold type, or with several of one meaning.
const glossaryPage = "glossary.md"

// word is a word of the glossary and its place there.
type word struct {
	text, anchor string
	found        *regexp.Regexp // the word in prose, in singular or plural
}

// everyday are words that nearly always mean another thing.
var everyday = []string{"-1", "block", "code", "continue", "macro", "option", "process", "state", "symbol", "wait", "word"}

var entryOf = regexp.MustCompile(`(?m)^- \*\*([^*]+)\*\*`)

// glossary is the words, the longest first: "wait status" is found before "wait".
func glossary() (words []word, err error) {
	text, err := docs.Pages.ReadFile(glossaryPage)
	if err != nil {
		return nil, err
	}
	for _, m := range entryOf.FindAllStringSubmatch(string(text), -1) {
		for _, w := range strings.Split(m[1], ", ") {
			if slices.Contains(everyday, w) {
				continue
			}
			pattern := strings.ReplaceAll(regexp.QuoteMeta(w), " ", `\s+`)
			if first := w[:1]; first != strings.ToUpper(first) { // a small letter; "[vvar]" begins with none
				pattern = "(?i:" + first + ")" + pattern[1:]
			}
			words = append(words, word{w, anchorOf(m[1]), regexp.MustCompile(bounded(w, pattern))})
		}
	}
	slices.SortStableFunc(words, func(a, b word) int { return len(b.text) - len(a.text) })
	return words, nil
}

var notInAnchor = regexp.MustCompile(`[^a-z0-9]+`)

// anchorOf is the place of an entry in the page: "wait-status".
func anchorOf(term string) string {
	return strings.Trim(notInAnchor.ReplaceAllString(strings.ToLower(term), "-"), "-")
}

var entryHTML = regexp.MustCompile(`<li><strong>([^<]+)</strong>`)

// withAnchors gives each entry of the glossary its place.
func withAnchors(body template.HTML) template.HTML {
	return template.HTML(entryHTML.ReplaceAllStringFunc(string(body), func(html string) string {
		term := entryHTML.FindStringSubmatch(html)[1]
		return fmt.Sprintf(`<li id="%s"><strong>%s</strong>`, anchorOf(term), term)
	}))
}

// linker links the words of the glossary, each once a page.
type linker struct {
	up   string
	left []word
}

// linked is a piece of the page's HTML that has no tags, with its links.
func (l *linker) linked(text string) string {
	for i, w := range l.left {
		at := w.found.FindStringIndex(text)
		if at == nil {
			continue
		}
		l.left = slices.DeleteFunc(slices.Delete(slices.Clone(l.left), i, i+1), func(o word) bool { return o.anchor == w.anchor })
		before := l.linked(text[:at[0]])
		return before + fmt.Sprintf(`<a class="word" href="%sglossary.html#%s">%s</a>`, l.up, w.anchor, text[at[0]:at[1]]) + l.linked(text[at[1]:])
	}
	return text
}

// bounded is a pattern for a whole word. There is no boundary beside a bracket.
func bounded(w, pattern string) string {
	if strings.HasPrefix(w, "[") {
		return pattern
	}
	return `\b` + pattern + `s?\b`
}
