package site

import (
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// entry is a place that a search can find.
type entry struct {
	to     string // "01-traceme/index.html#the-volunteer"
	title  string
	within string // the page that it is a part of
	text   string // the words that its first sentence is taken from
	words  string // and those by which it is found
}

var (
	tags     = regexp.MustCompile(`<[^>]*>`)
	sections = regexp.MustCompile(`<h[23] id="([^"]*)">(.*?)</h[23]>`)
	terms    = regexp.MustCompile(`(?s)<li id="([^"]*)"><strong>([^<]*)</strong>:?(.*?)</li>`)
	headings = regexp.MustCompile(`(?s)<(?:pre|figure|svg|table)\b.*?</(?:pre|figure|svg|table)>`)
)

// bare is the text of a piece of HTML, on one line.
func bare(text string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(text, " "))), " ")
}

// entriesOf are the places of a page: itself, its sections, and the entries of a
// glossary.
func entriesOf(name, title string, body template.HTML) (out []entry) {
	text := string(body)
	for _, m := range terms.FindAllStringSubmatch(text, -1) {
		out = append(out, entry{name + "#" + m[1], bare(m[2]), title, bare(m[3]), bare(m[2] + " " + m[3])})
	}
	if out != nil {
		return out
	}
	to, heading := name, title
	add := func(part string) {
		out = append(out, entry{to, heading, title, bare(headings.ReplaceAllString(part, "")), heading + " " + bare(part)})
	}
	begin := 0
	for _, m := range sections.FindAllStringSubmatchIndex(text, -1) {
		add(text[begin:m[0]])
		to, heading, begin = name+"#"+text[m[2]:m[3]], bare(text[m[4]:m[5]]), m[1]
	}
	add(text[begin:])
	return out
}

var searched = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]+|0x[0-9a-f]+|[0-9]{2,}`)

// tooCommon are words that stand nearly everywhere.
var tooCommon = strings.Fields(`the and for are was has have had its it is in of to on at as by an or be not no that this with from
	one two each which what who when where does did can may will would there their they them then than but if so all any`)

// wordsOf are the words of a text by which it is found, each once.
func wordsOf(text string) []string {
	found := map[string]bool{}
	for _, w := range searched.FindAllString(text, -1) {
		w = strings.ToLower(w)
		if !slices.Contains(tooCommon, w) && len(w) <= 40 {
			found[w] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// searchIndex is what the script of the search page reads. Words leads from a word
// to the places that have it: the first, and then how much further each next one
// is, in base 36.
type searchIndex struct {
	Places [][4]string `json:"places"` // address, title, page, first words
	Words  string      `json:"words"`  // "attach 0 3 1,zombie 2"
}

// indexOf is the index of all pages. It holds every word once, so that it stays
// small.
func indexOf(leaves []leaf) searchIndex {
	var index searchIndex
	at := map[string][]int{}
	for _, l := range leaves {
		for _, e := range l.entries {
			n := len(index.Places)
			index.Places = append(index.Places, [4]string{e.to, e.title, e.within, shortened(e.text)})
			for _, w := range wordsOf(e.title + " " + e.words) {
				at[w] = append(at[w], n)
			}
		}
	}
	var lines []string
	for _, w := range slices.Sorted(maps.Keys(at)) {
		line, last := w, 0
		for _, n := range at[w] {
			line += " " + strconv.FormatInt(int64(n-last), 36)
			last = n
		}
		lines = append(lines, line)
	}
	index.Words = strings.Join(lines, ",")
	return index
}

const teaser = 110 // letters

// shortened is the beginning of a text, to the end of a word.
func shortened(text string) string {
	if utf8.RuneCountInString(text) <= teaser {
		return text
	}
	cut := string([]rune(text)[:teaser])
	return cut[:max(strings.LastIndexByte(cut, ' '), 0)] + " \u2026"
}

// indexScript is the index as it stands behind the script of the search page.
func indexScript(leaves []leaf) string {
	text, err := json.Marshal(indexOf(leaves))
	if err != nil {
		panic(err) // strings alone
	}
	return fmt.Sprintf("\nsearchIn(%s);\n", text)
}
