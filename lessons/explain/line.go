package explain

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"ptwalk/tracer/names"
)

// phrase is a part of a line that a tool prints, in lower case, and what it is about:
// a request that was refused, or words that have a page.
type phrase struct {
	text    string
	request string
	words   []string
}

// phrases are those of gdb, strace, delve, lldb, the Go runtime and the shell.
var phrases = []phrase{
	{text: "couldn't get registers", request: "PTRACE_GETREGS"},
	{text: "couldn't write registers", request: "PTRACE_SETREGS"},
	{text: "couldn't get floating point status", request: "PTRACE_GETFPREGS"},
	{text: "couldn't get extended state status", request: "PTRACE_GETREGSET"},
	{text: "couldn't read debug register", request: "PTRACE_PEEKUSER", words: []string{"debug register"}},
	{text: "couldn't write debug register", request: "PTRACE_POKEUSER", words: []string{"debug register"}},
	{text: "cannot access memory at address", words: []string{"PTRACE_PEEKDATA", "EIO"}},
	{text: "cannot insert breakpoint", words: []string{"breakpoint", "PTRACE_POKETEXT"}},
	{text: "hardware watchpoint", words: []string{"watchpoint"}},
	{text: "hardware breakpoint", words: []string{"debug register"}},
	{text: "old value", words: []string{"watchpoint"}},
	{text: "catchpoint", words: []string{"syscall-enter-stop"}},
	{text: "disp enb", words: []string{"breakpoint"}},
	{text: "run till exit", words: []string{"finish"}},
	{text: "value returned is", words: []string{"finish", "calling convention"}},
	{text: "optimized out", words: []string{"optimised out"}},
	{text: "in current context", words: []string{"scope", "symbol"}},
	{text: "no locals", words: []string{"scope"}},
	{text: "not defined", words: []string{"symbol"}},
	{text: "no symbol table", words: []string{"stripped"}},
	{text: "no debugging symbols", words: []string{"DWARF", "stripped"}},
	{text: "no line number information", words: []string{"line table"}},
	{text: "starts at address", words: []string{"line table"}},
	{text: "out of range", words: []string{"line table"}},
	{text: "bounds of current function", words: []string{"line table", "symbol"}},
	{text: "source language", words: []string{"compile unit"}},
	{text: "backtrace stopped", words: []string{"unwinding"}},
	{text: "corrupt stack", words: []string{"unwinding"}},
	{text: "no stack", words: []string{"exited"}},
	{text: "shared object library", words: []string{"loader"}},
	{text: "detaching after", words: []string{"PTRACE_DETACH"}},
	{text: "new thread", words: []string{"word thread"}},
	{text: "executing new program", words: []string{"exec"}},
	{text: "superseded by execve", words: []string{"exec"}},
	{text: "could not trace the inferior", request: "PTRACE_TRACEME"},
	{text: "is already traced by process", words: []string{"PT-TRACED"}},
	{text: "is a zombie", words: []string{"PT-ZOMBIE"}},
	{text: "address space randomization", words: []string{"ASLR"}},
	{text: "program no longer exists", words: []string{"exited"}},
	{text: "program has no registers", words: []string{"exited"}},
	{text: "program is not being run", words: []string{"exited"}},
	{text: "ptrace_scope", request: "PTRACE_ATTACH", words: []string{"Yama"}},
	{text: "attach to process", request: "PTRACE_ATTACH"},
	{text: "attach to pid", request: "PTRACE_ATTACH"},
	{text: "attach failed", request: "PTRACE_ATTACH"},
	{text: "fork/exec", request: "execve"},
	{text: "waitpid", request: "wait4"},
	{text: "process already finished", words: []string{"reap"}},
	{text: "exited with", words: []string{"exited"}},
	{text: "exited normally", words: []string{"exited"}},
	{text: "killed by", words: []string{"killed"}},
	{text: "core dumped", words: []string{"core dump"}},
	{text: "resumed", words: []string{"syscall-exit-stop"}},
	{text: "unfinished", words: []string{"syscall-enter-stop"}},
	{text: "detached", words: []string{"PTRACE_DETACH"}},
	{text: "attached", words: []string{"word attach"}},
}

// ofLine is what a line from the screen is about: what was refused and why comes
// first, then what its words mean, in their order.
func ofLine(line string) (pages []Page) {
	add := func(found ...Page) {
		for _, p := range found {
			if !slices.ContainsFunc(pages, func(q Page) bool { return q.Kind == p.Kind && q.Title == p.Title }) {
				pages = append(pages, p)
			}
		}
	}
	lower := strings.ToLower(line)
	tokens := strings.FieldsFunc(line, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("(),;:=|{}[]<>\"'", r) })
	request, about := requestIn(tokens), []string(nil)
	for _, ph := range phrases {
		if strings.Contains(lower, ph.text) {
			request = firstOf(request, ph.request)
			about = append(about, ph.words...)
		}
	}
	for _, token := range tokens { // a refusal of ours ends with a code
		add(ofKind(token, "diagnosis")...)
	}
	e, refused := errnoIn(lower, tokens)
	call := callIn(line)
	if request == "" && names.MakesErrno(call) {
		request = call
	}
	switch {
	case refused && request != "":
		add(refusedPage(e, request))
	case refused:
		add(ofKind(e.Name, "errno")...)
	}
	if call != "" && call != "ptrace" {
		add(ofKind(call, "syscall")...)
	}
	for _, s := range names.Signals {
		if strings.ContainsRune(s.Text, ' ') && inWords(lower, strings.ToLower(s.Text)) {
			add(ofKind(s.Name, "signal")...)
		}
	}
	for _, word := range about {
		add(firstReading(word)...)
	}
	for _, shape := range shapes {
		if shape.line.MatchString(line) {
			add(ofKind(shape.word, "word")...)
		}
	}
	if len(tokens) > 1 && !isName(tokens[0]) && tokens[0] != "call" { // a register and its value
		add(ofKind(tokens[0], "register")...)
	}
	for _, token := range tokens {
		if isName(token) && !ofNoStatus(token, lower) {
			add(firstReading(token)...)
		}
	}
	if len(pages) > 0 {
		return pages
	}
	if !strings.Contains(line, " ") { // one word that nothing has: no part of it explains it
		for _, token := range tokens {
			add(ofKind(token, "word")...)
		}
		return pages
	}
	add(ofInstruction(line)...)
	for _, t := range inOrderOf(lower) {
		add(ofKind(t.Word, "word")...)
	}
	for _, kind := range []string{"stop", "register", "syscall"} {
		for _, token := range tokens { // plain words come last: a line is full of them
			if _, isNumber := numberOf(token); !isNumber {
				add(ofKind(strings.TrimRight(token, "."), kind)...)
			}
		}
	}
	return pages
}

// row is an instruction as a lesson, gdb or objdump shows it: behind an address, bytes
// or a name, or at the beginning; then the operands.
var row = regexp.MustCompile(`(?:^|[:>\t]|\b[0-9a-f]{2}|\b0x[0-9a-f]+\S*) *\b([a-z][a-z0-9]+)(?:$| +(?:[a-z]+ ptr )?(?:byte |word |dword |qword )?([%$\[]?[a-z0-9_+-]+))`)

// ofInstruction are the pages of a row's mnemonic and of the register that comes first.
func ofInstruction(line string) []Page {
	for _, found := range row.FindAllStringSubmatch(strings.TrimSpace(line), -1) {
		if _, ok := names.InstructionByWord(found[1]); ok {
			return append(ofKind(found[1], "word"), ofKind(strings.Trim(found[2], "%[$"), "register")...)
		}
	}
	return nil
}

// inOrderOf are the terms of the glossary that a line has, but for mnemonics, which are
// words of any sentence too: test, call, leave.
func inOrderOf(lower string) []names.Term {
	type found struct {
		at   int
		term names.Term
	}
	var all []found
	for _, t := range names.Terms {
		for _, word := range append([]string{t.Word}, t.Also...) {
			word = strings.ToLower(word)
			if t.Subject == "instructions" || !inWords(lower, word) && !inWords(lower, word+"s") {
				continue
			}
			all = append(all, found{strings.Index(lower, word), t})
			break
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return a.at - b.at })
	var terms []names.Term
	for _, f := range all {
		terms = append(terms, f.term)
	}
	return terms
}

// shapes are lines that no word tells: a frame of a backtrace, a row of a process's maps.
var shapes = []struct {
	line *regexp.Regexp
	word string
}{
	{regexp.MustCompile(`^#[0-9]+ `), "unwinding"},
	{regexp.MustCompile(`^memory +0x`), "memory line"},
	{regexp.MustCompile(`[0-9a-f]{5,16}.* [r-][w-][x-][ps]\b`), "mapping"},
}

// drawn is a wait status as a lesson draws it, bit by bit.
var drawn = regexp.MustCompile(`0x[0-9a-f]+ +[01]{16} \| [01]{8} \|`)

// ofNoStatus says whether a token is a number that is a size or an address: in a line
// that does not speak of a status, only that of a stop is taken for one.
func ofNoStatus(token, lower string) bool {
	n, isNumber := numberOf(token)
	return isNumber && n&0xff != 0x7f && !strings.Contains(lower, "status") && !strings.Contains(lower, "kernel") && !drawn.MatchString(lower)
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// requestIn is the request that a line names: "PTRACE_SEIZE", "PEEKTEXT".
func requestIn(tokens []string) string {
	for _, token := range tokens {
		if r, ok := names.RequestByName(token); ok && token == strings.ToUpper(token) {
			return r.Name
		}
	}
	return ""
}

// called is a name before a parenthesis, as in C and in the lines of strace.
var called = regexp.MustCompile(`([a-z_][a-z_0-9]*)\(`)

// callIn is the system call that a line shows, "execve" of "execve("/bin/ls", ...".
func callIn(line string) string {
	for _, found := range called.FindAllStringSubmatch(line, -1) {
		for _, arch := range names.Archs {
			if _, ok := names.SyscallNumber(arch, found[1]); ok {
				return found[1]
			}
		}
	}
	return ""
}

// errnoIn is the errno of a line, by its name or by the longest text of one that the
// line has.
func errnoIn(lower string, tokens []string) (found names.Errno, ok bool) {
	for _, e := range names.Errnos {
		if slices.Contains(tokens, e.Name) {
			return e, true
		}
		if inWords(lower, strings.ToLower(e.Text)) && len(e.Text) > len(found.Text) {
			found, ok = e, true
		}
	}
	return found, ok
}

// inWords says whether a text stands in a line, and not in the middle of a word.
func inWords(line, text string) bool {
	at := strings.Index(line, text)
	if at < 0 {
		return false
	}
	end := at + len(text)
	return (at == 0 || !inName(line[at-1])) && (end == len(line) || !inName(line[end]))
}

// isName says whether a token of a line is a name or a status, and no word of a
// sentence: it has capitals, an underscore, or is hexadecimal.
func isName(token string) bool {
	letters := strings.IndexFunc(token, unicode.IsLetter) >= 0
	capitals := token == strings.ToUpper(token) && len(token) > 2
	return letters && !strings.Contains(token, "/") && (capitals || strings.Contains(token, "_") || strings.HasPrefix(token, "0x"))
}

// firstReading is the likeliest page of a word, or of a kind and a word.
func firstReading(word string) []Page {
	pages := read(cutKind(word))
	return pages[:min(1, len(pages))]
}

// ofKind is a word's page of one kind.
func ofKind(word, kind string) []Page { return read(kind, word) }
