package explain

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
		pages, err := Words(operands, request)
		if (err == nil) != (len(pages) > 0) {
			t.Fatalf("%q, %q: %d pages and %v", operands, request, len(pages), err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Errorf("%q, %q: not one line that prints: %q", operands, request, err)
		}
		for _, p := range pages {
			text := p.Kind + p.Title + p.Text
			for _, fact := range p.Facts {
				text += fact.Name + fact.Is
			}
			if p.Kind == "" || p.Title == "" || strings.ContainsAny(text, "\n\x1b\x00") {
				t.Errorf("%q, %q: %+v", operands, request, p)
			}
		}
	})
}
