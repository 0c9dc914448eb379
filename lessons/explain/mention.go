package explain

import (
	"fmt"
	"strings"
	"sync"

	"ptwalk/tracer/names"
)

// entry is a name of the tables and its pages.
type entry struct {
	name  string
	pages []Page
}

// everyEntry is all that the tables have, each name once.
var everyEntry = sync.OnceValue(func() (all []entry) {
	seen := map[string]bool{}
	add := func(name string) {
		if name != "" && !seen[name] {
			seen[name] = true
			all = append(all, entry{name, read("", name)})
		}
	}
	for _, kind := range kinds {
		for _, name := range members(kind) {
			add(name)
		}
	}
	for n := 1; n <= 64; n++ {
		add(names.SignalName(n))
	}
	for _, e := range names.Errnos {
		add(e.Name)
	}
	for _, c := range names.SICodes {
		add(c.Name)
	}
	for _, arch := range names.Archs {
		for _, r := range names.Registers(arch) {
			add(r.Name)
		}
		for nr := range int64(500) {
			add(names.SyscallName(arch, nr))
		}
	}
	for _, w := range names.UserArea {
		add(w.Field)
	}
	for _, m := range names.Macros {
		add(m.Name)
	}
	return all
})

// mentioned is the page of a name that has none of its own and stands on others: a
// structure, a field, a set of registers.
func mentioned(word string) []Page {
	word = bare(word)
	if len(word) < 3 || strings.Contains(word, " ") || word == strings.ToLower(word) && !strings.Contains(word, "_") {
		return nil
	}
	p := Page{Kind: "word", Title: word + " has no page of its own", Text: "It stands on these."}
	seen := map[string]bool{}
	for _, e := range everyEntry() {
		for _, found := range e.pages {
			if line := lineWith(found, word); line != "" && !seen[found.Title] && len(p.Facts) < mostMentions {
				seen[found.Title] = true
				p.add(e.name, line)
			}
		}
	}
	if len(p.Facts) == 0 {
		return nil
	}
	return []Page{p}
}

const mostMentions = 8

// lineWith is what a page says with a word in it.
func lineWith(p Page, word string) string {
	if hasWord(p.Title, word) {
		return p.Title + "."
	}
	if hasWord(p.Text, word) {
		return p.Text
	}
	for _, f := range p.Facts {
		if hasWord(f.Name, word) || hasWord(f.Is, word) {
			return fmt.Sprintf("%s: %s", f.Name, f.Is)
		}
	}
	return ""
}

// hasWord says whether a word stands in a text by itself.
func hasWord(text, word string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return false
		}
		at += from
		end := at + len(word)
		if (at == 0 || !inName(text[at-1])) && (end == len(text) || !inName(text[end])) {
			return true
		}
		from = end
	}
}

// inName says whether a byte can be a part of a name.
func inName(b byte) bool {
	return b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}
