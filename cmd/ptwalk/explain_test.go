package main

import (
	"strings"
	"testing"
)

// FuzzExplain: whatever is asked, the answer is one error of one line, or pages
// that print.
func FuzzExplain(f *testing.F) {
	for _, seed := range [][3]string{
		{"", "0x857f", ""}, {"", "32768", ""}, {"", "EPERM", "ATTACH"}, {"errno", "1", "PTRACE_PEEKUSER"}, {"register", "orig_rax", ""},
		{"", "-38", ""}, {"syscall", "execve", ""}, {"", "PT-YAMA-1", ""}, {"status", "0xffffffffffffffff", ""}, {"", "SIGRTMIN+3", ""},
		{"diagnosis", "[PT-CAP]", ""}, {"", "\x1b[2J\n", ""}, {"stop", "group-stop", ""}, {"", "", ""},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, kind, word, request string) {
		operands := []string{word}
		if kind != "" {
			operands = []string{kind, word}
		}
		pages, err := explain(operands, request)
		if (err == nil) != (len(pages) > 0) {
			t.Fatalf("%q, %q: %d pages and %v", operands, request, len(pages), err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Errorf("%q, %q: not one line that prints: %q", operands, request, err)
		}
		for _, p := range pages {
			text := p.kind + p.title + p.text
			for _, fact := range p.facts {
				text += fact[0] + fact[1]
			}
			if p.kind == "" || p.title == "" || strings.ContainsAny(text, "\n\x1b\x00") {
				t.Errorf("%q, %q: %+v", operands, request, p)
			}
		}
	})
}

// FuzzNegativeNumbers: a result such as -38 is no flag, and no word is lost.
func FuzzNegativeNumbers(f *testing.F) {
	f.Add("errno", "-38", "--json")
	f.Add("-1", "-1", "--")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		args := []string{a, b, c}
		got := negativeNumbers(args)
		if args[0] != a || args[1] != b || args[2] != c {
			t.Errorf("its operand was changed: %q", args)
		}
		for _, word := range args {
			if !strings.Contains(strings.Join(got, "\x00"), word) {
				t.Errorf("%q gives %q", args, got)
			}
		}
	})
}
