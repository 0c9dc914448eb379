package names

import (
	"cmp"
	"embed"
	"slices"
	"strings"
)

// Term is an entry of the glossary: a word of the manual, of a debugger or of ours
// that is no name of the other tables.
type Term struct {
	Word    string   // as the entry is headed: "breakpoint"
	Also    []string // other words for it, or that lead to it: "break point"
	Text    string   // what it is, in a sentence or three
	See     string   // the manual page, and its section
	Subject string   // the file that it stands in: "breakpoints"
}

// glossary has a file for each subject. An entry begins with a line of its words, the
// heading first, with semicolons between; indented lines are its text, and the last one
// of them, after "see:", is where to read more. An empty line ends it.
//
//go:embed glossary
var glossary embed.FS

// Terms are the glossary, in the order of the alphabet.
var Terms = readTerms()

func readTerms() (terms []Term) {
	files, _ := glossary.ReadDir("glossary") // embedded, as are its files: they are there
	for _, f := range files {
		text, _ := glossary.ReadFile("glossary/" + f.Name())
		for _, entry := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
			words, rest, _ := strings.Cut(entry, "\n")
			text, see, _ := strings.Cut(rest, "see:")
			all := strings.Split(words, "; ")
			terms = append(terms, Term{all[0], all[1:], strings.Join(strings.Fields(text), " "), strings.TrimSpace(see), strings.TrimSuffix(f.Name(), ".txt")})
		}
	}
	slices.SortFunc(terms, func(a, b Term) int { return cmp.Compare(strings.ToLower(a.Word), strings.ToLower(b.Word)) })
	return terms
}

// TermByWord finds a term of the glossary by its word or by another word for it, in
// any case.
func TermByWord(word string) (Term, bool) {
	for _, t := range Terms {
		if strings.EqualFold(t.Word, word) {
			return t, true
		}
	}
	for _, t := range Terms {
		for _, also := range t.Also {
			if strings.EqualFold(also, word) {
				return t, true
			}
		}
	}
	return Term{}, false
}
