package docs

import (
	"os"
	"strings"
	"testing"

	"ptwalk/lessons/explain"
)

// TestChapterOfRefusals: the table of chapter 5 has every cause that explain has for
// EPERM from PTRACE_ATTACH, by its code.
func TestChapterOfRefusals(t *testing.T) {
	chapter, err := os.ReadFile("05-attach.md")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := explain.Words([]string{"EPERM"}, "ATTACH")
	if err != nil {
		t.Fatal(err)
	}
	codes := 0
	for _, f := range pages[0].Facts {
		if !strings.HasPrefix(f.Name, "PT-") {
			continue
		}
		codes++
		if !strings.Contains(string(chapter), f.Name) {
			t.Errorf("chapter 5 does not name %s", f.Name)
		}
	}
	if codes < 12 {
		t.Errorf("%d causes, which shows little", codes)
	}
}

// TestGlossaryFolds: no line of the glossary is wider than 80 columns.
func TestGlossaryFolds(t *testing.T) {
	_, text, err := glossary(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(text, "\n") {
		if len(line) > 80 {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
	if strings.Count(text, "\n- **") < 60 {
		t.Error("the glossary has few entries")
	}
}
