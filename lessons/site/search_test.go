package site

import (
	"html/template"
	"strings"
	"testing"
)

// TestIndex: a word leads to the places that have it, and to no others.
func TestIndex(t *testing.T) {
	body := `<p>Before.</p><h2 id="one">The first</h2><p>A zombie, 0x57f.</p><h2 id="two">The second</h2><p>PTRACE_CONT</p><pre>in code</pre>`
	index := indexOf([]leaf{{entries: entriesOf("a.html", "A page", "<p>a zombie</p>")}, {entries: entriesOf("b.html", "B", template.HTML(body))}})
	for i, want := range []string{"a.html", "b.html", "b.html#one", "b.html#two"} {
		if index.Places[i][0] != want {
			t.Errorf("place %d is %s, want %s", i, index.Places[i][0], want)
		}
	}
	for _, line := range []string{"zombie 0 2", "0x57f 2", "ptrace_cont 3", "code 3", "before 1", "first 2"} {
		if !strings.Contains(","+index.Words+",", ","+line+",") {
			t.Errorf("the index has no %q: %s", line, index.Words)
		}
	}
	if got := index.Places[3][3]; got != "PTRACE_CONT" {
		t.Errorf("the second section begins with %q", got)
	}
}
