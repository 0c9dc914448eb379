// Package explain says what a word on a learner's screen means: the words of
// ptrace(2), numbers, error texts, the lines of other tools, and the glossary. It
// reads tables and asks nothing of the kernel.
package explain

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// Page is what one reading of a word has to say.
type Page struct {
	Kind   string       // "signal"
	Title  string       // "SIGTRAP is signal 5"
	Text   string       // one sentence or two
	Facts  []Fact       // what is worth a line of its own
	Status *tracer.Stop // the wait status that the page is about, to be drawn
}

// Fact is a line of a page: what it is about, and what is so.
type Fact struct{ Name, Is string }

// add adds a line.
func (p *Page) add(name, is string) { p.Facts = append(p.Facts, Fact{name, is}) }

// kinds are the ways to read a name, the likeliest first.
var kinds = []string{"request", "option", "event", "stop", "signal", "errno", "code", "register", "macro", "word", "syscall", "status", "diagnosis"}

// Kinds are the kinds of words: "request", "signal" and so on. A name of [names.Archs]
// can stand in the place of one.
func Kinds() []string { return slices.Clone(kinds) }

// readers find the pages of a word that is of one kind. They are set by init, since
// the pages of a kind tell what readers there are.
var readers map[string]func(word string) []Page

func init() {
	readers = map[string]func(word string) []Page{
		"request":   requestPages,
		"option":    optionPages,
		"event":     eventPages,
		"stop":      stopPages,
		"signal":    signalPages,
		"errno":     errnoPages,
		"code":      codePages,
		"register":  registerPages,
		"macro":     macroPages,
		"word":      termPages,
		"syscall":   syscallPages,
		"status":    statusPages,
		"diagnosis": diagnosisPages,
	}
	for _, arch := range names.Archs {
		readers[string(arch)] = func(word string) []Page {
			return append(syscallPagesOf(arch, word), registerPagesOf(arch, word)...)
		}
	}
	readers["x86_64"] = readers["x86-64"]
}

// Words finds every reading of words: of a word, of a kind and a word, or of a line
// from the screen; the likeliest comes first. No word at all finds words to try. A
// request, "" for none, is that whose errno the word is. The error is one line, and
// names what is near.
func Words(words []string, request string) ([]Page, error) {
	line := strings.Join(strings.Fields(strings.Join(words, " ")), " ")
	kind, word := cutKind(line)
	switch {
	case request != "":
		return errnoOfRequest(kind, word, request)
	case line == "" && len(words) == 0:
		return []Page{wordsToTry()}, nil
	}
	if err := mistypedKind(line); err != nil {
		return nil, err
	}
	for _, pages := range [][]Page{read("", line), read(kind, word)} {
		if len(pages) > 0 {
			return pages, nil
		}
	}
	if kind == "" || strings.Contains(word, " ") {
		for _, find := range []func(string) []Page{ofLine, mentioned} {
			if pages := find(line); len(pages) > 0 {
				return pages, nil
			}
		}
	}
	return nil, unknownWord(kind, word)
}

// mistypedKind is the error for two words of which the first is nearly a kind.
func mistypedKind(line string) error {
	first, rest, two := strings.Cut(line, " ")
	near := names.Nearest(first, kinds)
	if !two || strings.Contains(rest, " ") || near == "" || near == first || len(read("", line)) > 0 || len(read("", first)) > 0 {
		return nil
	}
	return fmt.Errorf("%q is no kind of word, and %q is one; the kinds are %s", first, near, strings.Join(kinds, ", "))
}

// cutKind takes the kind from a line that begins with one and goes on.
func cutKind(line string) (kind, word string) {
	first, rest, ok := strings.Cut(line, " ")
	if _, isKind := readers[first]; ok && isKind {
		return first, rest
	}
	return "", line
}

// read is every reading of a word as it stands, or else without what a sentence or a
// line of C has around it: "[PT-CAP]", "WIFSTOPPED(status)", "ptrace(2)".
func read(kind, word string) []Page {
	for _, w := range []string{word, bare(word), signed(word)} {
		order := inOrder(w)
		if kind != "" {
			order = []string{kind}
		}
		var pages []Page
		for _, k := range order {
			for _, p := range readers[k](w) {
				p.Kind = cmp.Or(p.Kind, k)
				pages = append(pages, p)
			}
		}
		if len(pages) > 0 {
			return pages
		}
	}
	return nil
}

// bare is a word without marks at its ends, and without an argument in parentheses.
func bare(word string) string {
	word = strings.Trim(word, "[](){}<>\"'`.,:;?*+= ")
	if name, _, ok := strings.Cut(word, "("); ok && !strings.Contains(word, " ") {
		word = name
	}
	return word
}

// signed is a word of 64 bits, as a register has it, by its sign: "-38" for
// "0xffffffffffffffda".
func signed(word string) string {
	if n, err := strconv.ParseUint(word, 0, 64); err == nil && int64(n) < 0 {
		return strconv.FormatInt(int64(n), 10)
	}
	return word
}

func numberOf(word string) (int64, bool) {
	n, err := strconv.ParseInt(word, 0, 64)
	return n, err == nil
}

// inOrder are the kinds in the order in which a word is tried. Numbers are most
// often a wait status if they are large or hexadecimal, a signal if they are
// small, and a system call between.
func inOrder(word string) []string {
	n, isNumber := numberOf(word)
	switch {
	case slices.Contains(kinds, word):
		return slices.Insert(without(kinds, "word"), 0, "word")
	case !isNumber:
		return kinds
	case n < 0:
		return []string{"word", "errno", "code", "macro"}
	case strings.HasPrefix(strings.ToLower(word), "0x"), n > 0xff:
		return []string{"status", "word", "option", "macro", "request", "event", "code", "syscall", "errno", "register"}
	case n <= 31:
		return []string{"signal", "errno", "syscall", "status", "code", "event", "request", "register"}
	}
	return []string{"syscall", "errno", "signal", "status", "code", "register", "request"}
}

func without(words []string, word string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == word })
}

// unknownWord says what is nearest to a word that no table has.
func unknownWord(kind, word string) error {
	what := "no table has"
	if kind != "" {
		what = "there is no " + kind
	}
	text := fmt.Sprintf("%s %q", what, word)
	near := names.Near(bare(word))
	switch {
	case len(near) > 0:
		text += "; near it: " + strings.Join(near, ", ")
	case kind == "":
		text += "; a word may be a " + strings.Join(kinds[:len(kinds)-1], ", ") + " or " + kinds[len(kinds)-1]
	}
	return errors.New(text)
}
