// Package explain says what the words of ptrace(2) mean: requests, options, events,
// stops, signals, errno values, si_codes, registers, system calls, wait statuses,
// and the diagnoses of the doctor. It reads tables and asks nothing of the kernel.
package explain

import (
	"cmp"
	"errors"
	"fmt"
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
var kinds = []string{"request", "option", "event", "stop", "signal", "errno", "code", "register", "syscall", "status", "diagnosis"}

var readers = map[string]func(word string) []Page{
	"request":  requestPages,
	"option":   optionPages,
	"event":    eventPages,
	"stop":     stopPages,
	"signal":   signalPages,
	"errno":    errnoPages,
	"code":     codePages,
	"register": registerPages,
	"syscall":  syscallPages,
	"status":   statusPages,

	"diagnosis": diagnosisPages,
}

// Words finds every reading of a word, or of a kind and a word; the likeliest comes
// first. A request, "" for none, is that whose errno the word is. The error is one
// line, and names what is near.
func Words(words []string, request string) ([]Page, error) {
	switch {
	case len(words) == 0:
		return nil, errors.New("no word is named")
	case len(words) > 2:
		return nil, fmt.Errorf("explain takes one word, and %q is one too many", words[2])
	}
	word, kind := words[len(words)-1], ""
	if len(words) == 2 {
		kind = words[0]
		if _, ok := readers[kind]; !ok {
			return nil, fmt.Errorf("%q is no kind of word; the kinds are %s", kind, strings.Join(kinds, ", "))
		}
	}
	if request != "" {
		return errnoOfRequest(kind, word, request)
	}
	order := inOrder(word)
	if kind != "" {
		order = []string{kind}
	}
	var pages []Page
	for _, k := range order {
		for _, p := range readers[k](word) {
			p.Kind = k
			pages = append(pages, p)
		}
	}
	if len(pages) == 0 {
		return nil, unknownWord(kind, word)
	}
	return pages, nil
}

// inOrder are the kinds in the order in which a word is tried. Numbers are most
// often a wait status if they are large or hexadecimal, a signal if they are
// small, and a system call between.
func inOrder(word string) []string {
	n, isNumber := numberOf(word)
	switch {
	case !isNumber:
		return kinds
	case n < 0:
		return []string{"errno", "code"}
	case strings.HasPrefix(strings.ToLower(word), "0x"), n > 0xff:
		return []string{"status", "syscall", "code", "errno", "request"}
	case n <= 31:
		return []string{"signal", "errno", "syscall", "status", "code", "request"}
	}
	return []string{"syscall", "errno", "signal", "status", "code", "request"}
}

// unknownWord says what is nearest to a word that no table has.
func unknownWord(kind, word string) error {
	what := "no table has"
	if kind != "" {
		what = "there is no " + kind
	}
	text := fmt.Sprintf("%s %q", what, word)
	near := names.Near(word)
	switch {
	case len(near) > 0:
		text += "; near it: " + strings.Join(near, ", ")
	case kind == "":
		text += "; a word may be a " + strings.Join(kinds[:len(kinds)-1], ", ") + " or " + kinds[len(kinds)-1]
	}
	return errors.New(text)
}

// errnoOfRequest is what an errno means for one request.
func errnoOfRequest(kind, word, request string) ([]Page, error) {
	e, ok := names.ErrnoByWord(word)
	if !ok || kind != "" && kind != "errno" {
		return nil, fmt.Errorf("with --request the word is an errno, and %q is none", word)
	}
	name := strings.ToLower(request)
	if r, ok := names.RequestByName(request); ok {
		name = r.Name
	} else if !names.MakesErrno(name) {
		return nil, unknownWord("request", request)
	}
	p := errnoPage(e)
	p.Kind = "errno"
	p.Title = fmt.Sprintf("%s from %s", e.Name, name)
	p.Text = names.ErrnoFor(name, e.Number)
	if p.Text == "" {
		p.Text = fmt.Sprintf("Nothing particular is known of %s from %s. In general: %s", e.Name, name, cmp.Or(e.Sentence, e.Text+"."))
	}
	if e.Name == "EPERM" && (name == "PTRACE_ATTACH" || name == "PTRACE_SEIZE") {
		p.add("which cause", "`ptwalk attach PID` names the one that applies to a process, and `ptwalk doctor` looks at this machine")
	}
	return []Page{p}, nil
}
