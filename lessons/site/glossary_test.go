package site

import (
	"strings"
	"testing"
)

// TestGlossaryLinks: a word of the glossary is linked once a page, in prose and
// nowhere else, and the longest word that fits is taken.
func TestGlossaryLinks(t *testing.T) {
	words, err := glossary()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ text, want string }{
		{"Zombies are no zombie.", `<a class="word" href="../glossary.html#zombie">Zombies</a> are no zombie.`},
		{"a `zombie` and [a zombie](#x)", `a <code>zombie</code> and <a href="#x">a zombie</a>`},
		{"the wait status of it", `the <a class="word" href="../glossary.html#wait-status">wait status</a> of it`},
		{"a zombielike thing, int 0x80", `a zombielike thing, <a class="word" href="../glossary.html#int-0x80">int 0x80</a>`},
	} {
		p := &page{name: "page.md", up: "../", words: words}
		html, _, _, err := p.html([]byte(tt.text))
		if got := strings.TrimSpace(string(html)); err != nil || got != "<p>"+tt.want+"</p>" {
			t.Errorf("%q becomes\n%s, %v, want\n<p>%s</p>", tt.text, got, err, tt.want)
		}
	}
}
