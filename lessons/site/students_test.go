package site

import (
	"strings"
	"testing"
)

// TestStudents: no page for students has a solution, and none leads to one; all
// else is the same.
func TestStudents(t *testing.T) {
	all, everybody := built(t)
	students, err := Files(all, Students)
	if err != nil {
		t.Fatal(err)
	}
	theirs := map[string]string{}
	for _, f := range students {
		theirs[f.Name] = string(f.Data)
		if strings.Contains(string(f.Data), "solutions.html") || strings.Contains(strings.ToLower(string(f.Data)), `id="solution`) {
			t.Errorf("%s leads to solutions", f.Name)
		}
	}
	for _, f := range everybody {
		kept := !strings.HasSuffix(f.Name, "/solutions.html") && f.Name != "teaching.html"
		if _, has := theirs[f.Name]; has != kept {
			t.Errorf("students have %s: %v, want %v", f.Name, has, kept)
		}
	}
}

// TestSolutionsAreLeftOut: of a page with a part of solutions students get what is
// before and behind it.
func TestSolutionsAreLeftOut(t *testing.T) {
	const text = "# A page\n\n## Try it\n\n1. Try. Its [solution](#solutions), and [all](other.md#solutions).\n\n" +
		"## Solutions\n\nForty-two.\n\n### 1. The first\n\nForty-three.\n\n```\ncode\n```\n\n## Further reading\n\nThe manual.\n"
	for _, tt := range []struct {
		readers   For
		has, lack []string
	}{
		{Everybody, []string{"Try.", "Forty-two", "Forty-three", "code", "The manual", `href="#solutions"`}, nil},
		{Students, []string{"Try.", "The manual", "solution"}, []string{"Forty-two", "Forty-three", "code", "#solutions"}},
	} {
		p := &page{name: "page.md", readers: tt.readers}
		html, _, contents, err := p.html([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range tt.has {
			if !strings.Contains(string(html), want) {
				t.Errorf("readers %d miss %q in %s", tt.readers, want, html)
			}
		}
		for _, not := range tt.lack {
			if strings.Contains(string(html), not) {
				t.Errorf("readers %d get %q", tt.readers, not)
			}
		}
		if want := 3 - int(tt.readers); len(contents) != want {
			t.Errorf("readers %d get the contents %v", tt.readers, contents)
		}
	}
}
