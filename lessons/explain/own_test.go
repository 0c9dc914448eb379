package explain

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ptwalk/asm"
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

// ofTheScreen begins a line that says what has happened: a request, what a wait has
// reported, bytes of memory, an instruction, registers that have changed.
var ofTheScreen = regexp.MustCompile(`^ +(?:(?:tracer|kernel|memory|status) {2}|tracee +\||0x[0-9a-f]+ |r(?:[a-d]x|[sd]i|[sbi]p|[0-9]+) \S+(?:,|$))`)

// ofASentence are lines that nobody looks up: a heading, answers to choose from, bars,
// the end of a block of code or of a C line that was broken, the machine.
var ofASentence = regexp.MustCompile(`^(?:-- .*| +a\) .*|.* #+| *\}| +(?:= )?(?:0x)?[0-9a-f]+\)?|  Linux FACT, FACT)$`)

// TestLinesOfTheLessons pastes each line of each lesson. One that says what has happened
// finds a page, and so do seven of eight of all, where the others are parts of sentences.
func TestLinesOfTheLessons(t *testing.T) {
	goldens, err := filepath.Glob("../*/testdata/golden.txt")
	if err != nil || len(goldens) < 5 {
		t.Fatalf("goldens: %v, %v", goldens, err)
	}
	for _, golden := range goldens {
		text, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		all, happened, without := 0, 0, []string(nil)
		for _, line := range strings.Split(string(text), "\n") {
			if strings.TrimSpace(line) == "" || ofASentence.MatchString(line) {
				continue
			}
			all++
			_, err := Words([]string{line}, "")
			if ofTheScreen.MatchString(line) {
				if happened++; err != nil {
					t.Errorf("%s: %v", golden, err)
				}
			} else if err != nil {
				without = append(without, line)
			}
		}
		if 8*len(without) > all {
			t.Errorf("%s: %d of %d lines find nothing:\n%s", golden, len(without), all, strings.Join(without, "\n"))
		}
		if happened < 20 {
			t.Errorf("%s: %d lines say what has happened, which shows little", golden, happened)
		}
	}
}

// isTarget says whether a word names a program that is bundled.
func isTarget(word string) bool {
	return slices.ContainsFunc(asm.Targets, func(t asm.Target) bool { return t.Name == word })
}

// ofThePages are words of the docs between backquotes that are of no use on a screen:
// parts of a command line, of this repository, of its code.
var ofThePages = regexp.MustCompile(`^(ptwalk .*|make .*|go run .*|nm .*|readelf .*|([0-9a-f]{2} ?)+|printf .*|env -i.*|--?[a-z].*|.*[/].*|[a-z_]+\(\)|s\.[A-Z].*|rep_[a-z]+|[a-z]+[A-Z].*|[A-Za-z]+\.[A-Z].*)$`)

// TestCodeOfTheChapters: what a chapter has between backquotes finds a page. Names of
// its own code and of the programs that it traces are told where they stand, and what
// follows "Try it" is about changing them.
func TestCodeOfTheChapters(t *testing.T) {
	chapters, err := filepath.Glob("../../docs/[0-9]*.md")
	if err != nil || len(chapters) < 5 {
		t.Fatalf("chapters: %v, %v", chapters, err)
	}
	code, fenced := regexp.MustCompile("`[^`\n]+`"), regexp.MustCompile("(?ms)^```.*?^```")
	seen := map[string]bool{}
	for _, chapter := range append(chapters, "../../docs/glossary.md") {
		text, err := os.ReadFile(chapter)
		if err != nil {
			t.Fatal(err)
		}
		prose, _, _ := strings.Cut(string(text), "\n## Try it")
		own := strings.Join(fenced.FindAllString(prose, -1), "")
		for _, word := range code.FindAllString(fenced.ReplaceAllString(prose, ""), -1) {
			word = strings.Trim(word, "`")
			if seen[word] || ofThePages.MatchString(word) || strings.Contains(own, word) || isTarget(word) {
				continue
			}
			seen[word] = true
			if _, err := Words([]string{word}, ""); err != nil {
				t.Errorf("%s: %q: %v", chapter, word, err)
			}
		}
	}
	if len(seen) < 20 {
		t.Errorf("the chapters have %d words, which shows little", len(seen))
	}
}
