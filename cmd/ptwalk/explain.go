package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/event"
	"ptwalk/tracer/names"
)

const explainUsage = "ptwalk explain [KIND] WORD [--request NAME]"

const explainHelp = explainUsage + `

Says what a word of ptrace(2) means: ptwalk explain 0x857f, EPERM, SEIZE,
ORIG_RAX, SIGTRAP, TRAP_BRKPT, execve. KIND is one of status, errno, request,
register, signal, code, syscall, option, event, stop and diagnosis. Without it
the word decides. PT-YAMA-1 is a diagnosis: the code of a refusal.

`

// explainMain explains one word.
func explainMain(args []string) int {
	var f cli.Flags
	var request string
	fs := flag.NewFlagSet("explain", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	f.RegisterLook(fs)
	fs.StringVar(&request, "request", "", "what an errno means for the request `name`: --request ATTACH")
	operands, err := cli.ParseMixed(fs, negativeNumbers(args))
	if errors.Is(err, flag.ErrHelp) {
		return cli.Print(explainHelp + cli.FlagHelp(fs))
	}
	if err == nil {
		err = f.Check()
	}
	var pages []page
	if err == nil {
		pages, err = explain(operands, request)
	}
	if err != nil {
		return cli.Usage(err, explainUsage)
	}
	return cli.Tool(f, 0, f.Printer(), func(s *stage.Stage) { tellPages(s, pages) })
}

// negativeNumbers puts a double hyphen before a word such as -38, which is a
// result of the kernel and no flag.
func negativeNumbers(args []string) []string {
	for i, a := range args {
		if len(a) > 1 && a[0] == '-' && strings.Trim(a[1:], "0123456789") == "" {
			rest := slices.DeleteFunc(slices.Clone(args), func(b string) bool { return b == a })
			return append(rest[:len(rest):len(rest)], "--", args[i])
		}
	}
	return args
}

// page is what one reading of a word has to say.
type page struct {
	kind  string      // "signal"
	title string      // "SIGTRAP is signal 5"
	text  string      // one sentence or two
	facts [][2]string // what is worth a line of its own
	draw  *event.Stop
}

// kinds are the ways to read a name, the likeliest first.
var kinds = []string{"request", "option", "event", "stop", "signal", "errno", "code", "register", "syscall", "status", "diagnosis"}

var readers = map[string]func(word string) []page{
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

// explain finds every reading of the operands: a word, or a kind and a word.
func explain(operands []string, request string) ([]page, error) {
	switch {
	case len(operands) == 0:
		return nil, errors.New("no word is named")
	case len(operands) > 2:
		return nil, fmt.Errorf("explain takes one word, and %q is one too many", operands[2])
	}
	word, kind := operands[len(operands)-1], ""
	if len(operands) == 2 {
		kind = operands[0]
		if _, ok := readers[kind]; !ok {
			return nil, fmt.Errorf("%q is no kind of word; the kinds are %s", kind, strings.Join(kinds, ", "))
		}
	}
	if request != "" {
		return errnoOfRequest(kind, word, request)
	}
	var pages []page
	if kind != "" {
		pages = readers[kind](word)
	} else {
		for _, k := range inOrder(word) {
			pages = append(pages, readers[k](word)...)
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
func errnoOfRequest(kind, word, request string) ([]page, error) {
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
	p.title = fmt.Sprintf("%s from %s", e.Name, name)
	p.text = names.ErrnoFor(name, e.Number)
	if p.text == "" {
		p.text = fmt.Sprintf("Nothing particular is known of %s from %s. In general: %s", e.Name, name, cmp.Or(e.Sentence, e.Text+"."))
	}
	if e.Name == "EPERM" && (name == "PTRACE_ATTACH" || name == "PTRACE_SEIZE") {
		p.facts = append(p.facts, [2]string{"which cause", "`ptwalk attach PID` names the one that applies to a process, and `ptwalk doctor` looks at this machine"})
	}
	return []page{p}, nil
}

// tellPages prints the first reading whole, and a line for each of the others.
func tellPages(s *stage.Stage, pages []page) {
	first := pages[0]
	s.Say(first.title + ". " + first.text)
	if first.draw != nil {
		s.Draw(first.draw)
	}
	var rows [][]any
	for _, fact := range first.facts {
		rows = append(rows, []any{fact[0], fact[1]})
	}
	if len(rows) > 0 {
		s.Table("", []event.Column{{Name: ""}, {Name: ""}}, rows)
	}
	if len(pages) == 1 {
		return
	}
	rows = nil
	for _, p := range pages[1:] {
		rows = append(rows, []any{p.kind, p.title})
	}
	s.Say("The word can be read in other ways too. `ptwalk explain KIND WORD` takes one of them.")
	s.Table("", []event.Column{{Name: "kind"}, {Name: "meaning"}}, rows)
}
