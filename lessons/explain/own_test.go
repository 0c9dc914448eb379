package explain

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ptwalk/tracer/doctor"
	"ptwalk/tracer/names"
)

// named are the words of a text that look like names: with an underscore or three
// capitals, alone or joined by bars; and numbers in hexadecimal, or below 0.
var named = regexp.MustCompile(`PT-[A-Z0-9-]+|[A-Za-z0-9_]*(?:_|[A-Z]{3})[A-Za-z0-9_+]*(?:(?:\||<<)[A-Za-z0-9_]+)*|\b0x[0-9a-f]+\b|\B-[0-9]+\b`)

// everyWord is what each table calls its entries, in the spellings that are taken.
func everyWord() (all []string) {
	all = append(all, kinds...)
	for _, e := range everyEntry() {
		all = append(all, e.name)
	}
	for _, r := range names.Requests {
		all = append(all, strings.TrimPrefix(r.Name, "PTRACE_"), strings.ToLower(r.Name), r.Name+"(2)")
	}
	for _, s := range names.Signals {
		all = append(all, s.Text)
	}
	for _, e := range names.Errnos {
		all = append(all, e.Text, strings.ToLower(e.Text)+".", fmt.Sprint(-e.Number))
	}
	for _, w := range names.UserArea {
		all = append(all, names.UserSpelling(w.Offset))
	}
	for _, m := range names.Macros {
		all = append(all, m.Name+"(status)")
	}
	for _, t := range names.Terms {
		all = append(all, t.Also...)
	}
	for _, c := range doctor.Codes {
		all = append(all, "["+c.Name+"]")
	}
	return all
}

// ofAHeader are the names of constants: they have a prefix and capitals alone.
var ofAHeader = regexp.MustCompile(`^(__)?[A-Z0-9]+_[A-Z0-9_]+$`)

// TestOwnWords: each name has a page, and so has each name and number that stands on
// such a page.
func TestOwnWords(t *testing.T) {
	words, from := everyWord(), map[string]string{}
	for i := 0; i < len(words); i++ {
		word := words[i]
		pages, err := Words([]string{word}, "")
		if err != nil {
			t.Errorf("%q, which stands on the page of %q: %v", word, from[word], err)
		}
		if len(pages) == 1 && pages[0].Text == "It stands on these." && ofAHeader.MatchString(word) {
			t.Errorf("%q stands on the page of %q and has no page of its own", word, from[word])
		}
		for _, p := range pages {
			text := p.Title + "\n" + p.Text
			for _, f := range p.Facts {
				text += "\n" + f.Name + "\n" + f.Is
			}
			for _, w := range named.FindAllString(text, -1) {
				if _, seen := from[w]; !seen {
					from[w] = word
					words = append(words, w)
				}
			}
		}
	}
	if len(from) < 500 {
		t.Errorf("the pages have %d names, which shows little", len(from))
	}
}

// spelled are the words that stand for what a run or a machine has anew, and others
// of the transcripts that are no words of ptrace.
var spelled = regexp.MustCompile(`^(STACK|FACT|COUNT|MAPPED|HEAP|PIE|PROGRAM|ARGS|LockOSThread|.*\+0x.*|[a-z0-9_]+)$`)

// TestWordsOfTheLessons: each name that a lesson shows has a page.
func TestWordsOfTheLessons(t *testing.T) {
	goldens, err := filepath.Glob("../*/testdata/golden.txt")
	if err != nil || len(goldens) < 5 {
		t.Fatalf("goldens: %v, %v", goldens, err)
	}
	seen := map[string]bool{}
	for _, golden := range goldens {
		text, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(text), "\n") {
			for _, word := range named.FindAllString(line, -1) {
				if seen[word] || spelled.MatchString(word) {
					continue
				}
				seen[word] = true
				if _, err := Words([]string{word}, ""); err != nil {
					t.Errorf("%s: %q: %v\n%s", golden, word, err, line)
				}
			}
		}
	}
	if len(seen) < 50 {
		t.Errorf("the lessons show %d names, which shows little", len(seen))
	}
}
